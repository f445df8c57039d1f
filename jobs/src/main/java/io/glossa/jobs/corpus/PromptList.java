package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.text.TextEncoding;
import io.glossa.text.TextNormalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The transcripts of a voice prompt package: lines {@code key: text}; a line that starts with {@code ;} is a comment. */
final class PromptList {
    private PromptList() {}

    /**
     * One prompt.
     *
     * @param key the recording's path below the voice's folder, without extension
     * @param text what is said, as written by the package
     */
    record Prompt(String key, String text) {
        /** False for an empty text, and for one in brackets, which describes a sound. */
        boolean isSpeech() {
            return !text.startsWith("[") && !TextNormalizer.normalize(text).isEmpty();
        }
    }

    /** @throws GlossaException of type DATA if the list is not in Unicode */
    static List<Prompt> read(Path gzip) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
            return parse(TextEncoding.UNICODE.decode(in.readAllBytes(), gzip.toString()));
        }
    }

    static List<Prompt> parse(String text) {
        return text.lines()
                .filter(line -> !line.startsWith(";") && line.contains(":"))
                .map(line -> {
                    int colon = line.indexOf(':');
                    return new Prompt(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                })
                .toList();
    }
}
