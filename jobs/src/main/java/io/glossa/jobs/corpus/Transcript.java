package io.glossa.jobs.corpus;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.ingest.SourceFile.Fault;
import io.glossa.text.TextEncoding;
import io.glossa.text.UndecodableText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a person wrote down beside a recording.
 *
 * @param text as it came; empty if there is none
 * @param fault why the file that is there gives no text; null if it does, or if there is no file
 */
record Transcript(String text, Fault fault) {
    /** Far more than anyone says in the longest recording. */
    private static final long MOST_BYTES = 10_000_000;

    /** Reads a text file, links followed; without one there is no text. */
    static Transcript of(Path file, TextEncoding encoding) {
        if (file == null) {
            return new Transcript("", null);
        }
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                return refused(file, RejectCode.TEXT_UNREADABLE, "not a file");
            } else if (found.size() > MOST_BYTES) {
                return refused(
                        file, RejectCode.TEXT_UNREADABLE, found.size() + " bytes, expected at most " + MOST_BYTES);
            }
            return new Transcript(encoding.decode(Files.readAllBytes(file)), null);
        } catch (IOException e) {
            return refused(file, RejectCode.TEXT_UNREADABLE, e.toString());
        } catch (UndecodableText e) {
            return refused(file, RejectCode.TEXT_ENCODING, e.getMessage());
        }
    }

    private static Transcript refused(Path file, RejectCode code, String why) {
        return new Transcript("", new Fault(code, "the transcript " + file + ": " + why));
    }
}
