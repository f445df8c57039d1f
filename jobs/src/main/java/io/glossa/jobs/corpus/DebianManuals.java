package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Sentences of Debian's manual pages, which are there in many languages. */
public final class DebianManuals {
    private static final String PACKAGE = "manpages";

    /** In whose package the language is not named. */
    private static final String UNNAMED = "en";

    private DebianManuals() {}

    /**
     * Fetches and reads what is missing in a folder.
     *
     * @param languages ISO 639-1
     * @throws GlossaException of type RESOURCE where apt cannot fetch them
     */
    public static List<Texts> fetch(Path folder, List<String> languages) {
        DebianPackages packages = new DebianPackages(folder);
        packages.fetch(languages.stream().map(DebianManuals::packageOf).toList());
        List<Texts> all = new ArrayList<>();
        for (String lang : languages) {
            try {
                all.add(texts(packages, lang, folder.resolve(lang + ".txt")));
            } catch (IOException e) {
                throw GlossaException.data("Cannot read the manual pages of '" + lang + "': " + e
                                + ", expected the package " + packageOf(lang) + " unpacked in " + packages.root())
                        .causedBy(e);
            }
        }
        return all;
    }

    private static String packageOf(String lang) {
        return lang.equals(UNNAMED) ? PACKAGE : PACKAGE + "-" + lang;
    }

    private static Texts texts(DebianPackages packages, String lang, Path file) throws IOException {
        String name = packageOf(lang);
        if (!Files.exists(file)) {
            Path pages = packages.root().resolve("usr/share/man/" + (lang.equals(UNNAMED) ? "" : lang));
            Path partial = file.resolveSibling(file.getFileName() + ".partial");
            Files.write(partial, sentences(pages));
            Files.move(partial, file);
        }
        CopyrightFile copyright = CopyrightFile.read(packages.root().resolve("usr/share/doc/" + name + "/copyright"));
        return new Texts(
                lang, file, packages.nameAndVersion(name), copyright.of(lang).licence());
    }

    /** Of all pages in the folders {@code man1} to {@code man9}, each once. */
    private static List<String> sentences(Path folder) throws IOException {
        Map<String, Path> pages = new TreeMap<>();
        try (Stream<Path> found = Files.find(folder, 2, (path, file) -> file.isRegularFile())) {
            found.filter(path -> path.getParent().getFileName().toString().startsWith("man"))
                    .filter(path -> path.toString().endsWith(".gz"))
                    .forEach(path -> pages.put(folder.relativize(path).toString(), path));
        }
        List<String> sentences = new ArrayList<>();
        for (Path page : pages.values()) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(page))) {
                sentences.addAll(ManPage.sentences(TextEncoding.UNICODE.decode(in.readAllBytes(), page.toString())));
            }
        }
        return sentences.stream().distinct().toList();
    }
}
