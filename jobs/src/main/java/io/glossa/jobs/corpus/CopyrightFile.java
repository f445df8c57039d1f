package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A package's copyright file in Debian's machine-readable format (DEP-5): who spoke, and under which licence. */
final class CopyrightFile {
    private static final Pattern FIELD = Pattern.compile("(?m)^([A-Za-z-]+):((?:.*\\n?)(?:[ \\t].*\\n?)*)");
    private static final Pattern SPOKEN_BY =
            Pattern.compile("(?:Recorded|Provided) by:\\s*([^\\n(]*[^\\n(\\s])"); // the name, up to its web address

    private final String name;
    private final List<Map<String, String>> stanzas;

    private CopyrightFile(String name, List<Map<String, String>> stanzas) {
        this.name = name;
        this.stanzas = stanzas;
    }

    /**
     * Who speaks a part of a package.
     *
     * @param credit the person named as recorded or provided by, else the copyright's holder
     */
    record Terms(String credit, String licence) {}

    /** @throws GlossaException of type DATA if the file is not in Unicode */
    static CopyrightFile read(Path file) throws IOException {
        return parse(file.toString(), TextEncoding.UNICODE.decode(Files.readAllBytes(file), file.toString()));
    }

    static CopyrightFile parse(String name, String text) {
        return new CopyrightFile(
                name,
                Arrays.stream(text.split("\\n[ \\t]*\\n"))
                        .map(CopyrightFile::fields)
                        .toList());
    }

    /** The terms of the recordings in one language: of the stanza {@code Files: lang-*}, else of {@code Files: *}. */
    Terms of(String lang) {
        Map<String, String> stanza = files(lang + "-*");
        if (stanza == null) {
            stanza = files("*");
        }
        if (stanza == null || !stanza.containsKey("License")) {
            throw GlossaException.data("Cannot read the licence of '" + lang + "' in " + name
                    + ": no stanza for it, expected 'Files: " + lang + "-*' or 'Files: *' with a licence");
        }
        Matcher spoken = SPOKEN_BY.matcher(stanza.getOrDefault("Comment", ""));
        return new Terms(
                spoken.find() ? spoken.group(1) : stanza.getOrDefault("Copyright", "unknown"),
                stanza.get("License").lines().findFirst().orElse("").strip());
    }

    private Map<String, String> files(String pattern) {
        return stanzas.stream()
                .filter(stanza -> pattern.equals(stanza.get("Files")))
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new TreeMap<>();
        Matcher field = FIELD.matcher(stanza);
        while (field.find()) {
            fields.put(field.group(1), field.group(2).strip());
        }
        return fields;
    }
}
