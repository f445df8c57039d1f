package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.featurize.ingest.SourceFile;
import io.glossa.text.TextEncoding;
import io.glossa.text.TextNormalizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A person's own recordings: every audio file in a folder and below it. A transcript is the text file of the same name
 * beside it; the language is the name of the first-level folder where that is an ISO 639 code, else {@code und}.
 *
 * <p>Recordings with a transcript fall into the three splits as {@link Split#of} says; those without are unlabelled. One
 * whose transcript cannot be read or decoded is listed with that fault.
 */
public final class AudioFolder {
    private static final Set<String> EXTENSIONS = Set.of(
            "3gp", "aac", "ac3", "aif", "aifc", "aiff", "alac", "amr", "ape", "au", "awb", "caf", "dts", "eac3", "flac",
            "gsm", "m4a", "m4b", "mka", "mkv", "mov", "mp2", "mp3", "mp4", "mpc", "oga", "ogg", "opus", "ra", "snd",
            "spx", "tta", "voc", "w64", "wav", "webm", "wma", "wv");
    private static final String UNKNOWN_LANGUAGE = "und";
    private static final Set<String> LANGUAGES = languages();

    private AudioFolder() {}

    /** Lists the folder, whose texts are Unicode, as {@link #list(Path, TextEncoding)} does. */
    public static Corpus list(Path folder) {
        return list(folder, TextEncoding.UNICODE);
    }

    /** Lists the folder, links followed; no file is opened but the transcripts. One that leads nowhere is listed too. */
    public static Corpus list(Path folder, TextEncoding encoding) {
        if (!Files.isDirectory(folder)) {
            throw GlossaException.user(
                    "Cannot list the recordings in " + folder + ": it is not a folder, expected one with audio files");
        }
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            List<SourceFile> files = paths.filter(path -> EXTENSIONS.contains(extension(path)))
                    .filter(path -> !Files.isDirectory(path))
                    .sorted()
                    .map(path -> sourceFile(folder, path, encoding))
                    .toList();
            if (files.isEmpty()) {
                throw GlossaException.user("Cannot find a recording in " + folder
                        + ": no file with an audio extension, expected some such as .wav, .flac, .mp3 or .opus");
            }
            return new Corpus(files, List.of(), Map.of());
        } catch (IOException | UncheckedIOException e) {
            throw GlossaException.data("Cannot list the recordings in " + folder + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    private static SourceFile sourceFile(Path folder, Path audio, TextEncoding encoding) {
        Path relative = folder.relativize(audio);
        String path = relative.toString().replace('\\', '/');
        String key = path.substring(0, path.length() - extension(audio).length() - 1);
        String lang = relative.getNameCount() > 1 ? language(relative.getName(0).toString()) : UNKNOWN_LANGUAGE;
        Transcript transcript = Transcript.beside(audio, encoding);
        String raw = transcript.text();
        String text = TextNormalizer.normalize(raw);
        Split split = text.isEmpty() ? Split.UNLABELLED : Split.of(lang, key);
        boolean withText = split != Split.UNLABELLED;
        return new SourceFile(
                audio.toUri().toString(),
                key,
                lang,
                split.column(),
                null,
                withText ? text : null,
                withText ? raw.strip() : null,
                "not stated",
                folder.toUri().toString(),
                transcript.fault());
    }

    private static String extension(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** {@code pt-BR} and {@code pt_BR} are {@code pt}. */
    private static String language(String folder) {
        String code = folder.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return LANGUAGES.contains(code) ? code : UNKNOWN_LANGUAGE;
    }

    private static Set<String> languages() {
        return Arrays.stream(Locale.getISOLanguages())
                .flatMap(code -> Stream.of(code, threeLetters(code)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String threeLetters(String code) {
        try {
            return new Locale(code).getISO3Language();
        } catch (MissingResourceException e) {
            return code;
        }
    }
}
