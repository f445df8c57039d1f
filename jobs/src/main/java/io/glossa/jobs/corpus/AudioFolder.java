package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.ingest.SourceFile;
import io.glossa.featurize.ingest.SourceFile.Fault;
import io.glossa.text.TextEncoding;
import io.glossa.text.TextNormalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A person's own recordings: every audio file in a folder and below it. A transcript is the text file of the same name
 * beside it; the language is the name of the first-level folder where that is an ISO 639 code, else {@code und}.
 *
 * <p>Recordings with a transcript fall into the three splits as {@link Split#of} says; those without are unlabelled. One
 * whose transcript cannot be read or decoded is listed with that fault.
 */
public final class AudioFolder {
    private static final String UNKNOWN_LANGUAGE = "und";

    private AudioFolder() {}

    /** Lists the folder, whose texts are Unicode, as {@link #list(Path, TextEncoding)} does. */
    public static Corpus list(Path folder) {
        return list(folder, TextEncoding.UNICODE);
    }

    /**
     * Lists the folder, links followed; no file is opened but the transcripts. What cannot be read, such as a link that leads
     * nowhere, is listed too; what is no recording is counted in {@link Corpus#leftOut()}.
     */
    public static Corpus list(Path folder, TextEncoding encoding) {
        if (!Files.isDirectory(folder)) {
            throw GlossaException.user(
                    "Cannot list the recordings in " + folder + ": it is not a folder, expected one with audio files");
        }
        FolderListing listing;
        try {
            listing = FolderListing.of(folder);
        } catch (IOException e) {
            throw GlossaException.data("Cannot list the recordings in " + folder + ": " + e)
                    .causedBy(e);
        }
        if (listing.recordings().isEmpty()) {
            throw GlossaException.user("Cannot find a recording in " + folder + ": found " + listing.passedOver()
                    + ", expected files such as .wav, .flac, .mp3 or .opus");
        }
        List<SourceFile> files = new ArrayList<>();
        listing.recordings().forEach((path, fault) -> {
            Transcript transcript = Transcript.of(listing.textOf(path), encoding);
            files.add(sourceFile(folder, path, transcript, fault(path, fault, transcript)));
        });
        return new Corpus(files, List.of(), listing.passedOver());
    }

    private static Fault fault(Path path, String unreadable, Transcript transcript) {
        if (unreadable != null) {
            return new Fault(RejectCode.UNREADABLE, unreadable);
        }
        // Bytes that are no UTF-8 become other bytes in a name that is made of the path's letters.
        return Path.of(path.toString()).equals(path)
                ? transcript.fault()
                : new Fault(RejectCode.NAME_ENCODING, "the name " + path + ": not UTF-8, expected a name that is");
    }

    private static SourceFile sourceFile(Path folder, Path audio, Transcript transcript, Fault fault) {
        Path relative = folder.relativize(audio);
        String key = FolderListing.withoutEnding(relative).toString().replace('\\', '/');
        String lang = relative.getNameCount() > 1 ? language(relative.getName(0).toString()) : UNKNOWN_LANGUAGE;
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
                fault);
    }

    /** {@code pt-BR} and {@code pt_BR} are {@code pt}. */
    private static String language(String folder) {
        String code = folder.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return Languages.contains(code) ? code : UNKNOWN_LANGUAGE;
    }
}
