package io.glossa.featurize.source;

import io.glossa.config.Sha256;
import io.glossa.featurize.RejectCode;
import java.io.Serializable;
import java.util.List;

/**
 * One recording to ingest and what is known of it before it is read.
 *
 * @param uri its name, unique in the lake: of a file where to read it, a URI that Hadoop or Java knows or a local path; of a
 *     part of a file, the file's with {@code #} and the part's name
 * @param key its name within its source, unique there
 * @param text the transcript as it came; null if there is none or it is in a file
 * @param textFile where the transcript is; null if there is none or it is here
 * @param spans what a source says of parts of the recording, each of which becomes an utterance; where empty, a recording with
 *     transcript is one utterance and another is cut at silences
 * @param extent the bytes of a file that it is; null where it is all of {@code uri}
 * @param version how long it is and when it was changed; null where nobody has looked
 * @param fault why it is refused before it is read; null where it is not
 */
public record SourceFile(
        String uri,
        String key,
        Labels labels,
        String text,
        TextFile textFile,
        List<Span> spans,
        Extent extent,
        SourceBytes.Version version,
        Fault fault)
        implements Serializable {
    public SourceFile {
        spans = List.copyOf(spans);
    }

    /** A reject that whoever lists files knows of. */
    public record Fault(RejectCode code, String detail) implements Serializable {}

    /**
     * A transcript that is still to be read.
     *
     * @param encoding as {@link io.glossa.text.TextEncoding#name} says it
     */
    public record TextFile(String uri, SourceBytes.Version version, String encoding) implements Serializable {}

    /**
     * Some bytes of a file, or all of one that is named otherwise, or the audio in a row of a table.
     *
     * @param offset bytes, or the row's number
     * @param length bytes; {@link #ALL} for the whole file, {@link #ROW} for a row
     */
    public record Extent(String file, long offset, long length) implements Serializable {
        static final long ALL = -1;

        /** The length of a row, which the listing does not know. */
        public static final long ROW = -2;

        static Extent all(String file) {
            return new Extent(file, 0, ALL);
        }

        /** Of a Parquet file, from 0 on. */
        static Extent row(String file, long number) {
            return new Extent(file, number, ROW);
        }
    }

    /**
     * A part of a recording.
     *
     * @param start s from the recording's beginning
     * @param end s; infinite for its end
     * @param text as it came; null where there is none
     * @param speaker null for that of the recording
     * @param lang null for that of the recording
     */
    public record Span(double start, double end, String text, String speaker, String lang) implements Serializable {}

    /** A whole file, of which nobody has looked at more than the name. */
    public static SourceFile of(String uri, String key, Labels labels) {
        return new SourceFile(uri, key, labels, null, null, List.of(), null, null, null);
    }

    /** With a transcript as it came; null for none. */
    public SourceFile said(String words) {
        return new SourceFile(uri, key, labels, words, null, spans, extent, version, fault);
    }

    public SourceFile labelled(Labels said) {
        return new SourceFile(uri, key, said, text, textFile, spans, extent, version, fault);
    }

    public SourceFile saidIn(TextFile file) {
        return new SourceFile(uri, key, labels, null, file, spans, extent, version, fault);
    }

    public SourceFile cut(List<Span> parts) {
        return new SourceFile(uri, key, labels, text, textFile, parts, extent, version, fault);
    }

    public SourceFile at(Extent bytes) {
        return new SourceFile(uri, key, labels, text, textFile, spans, bytes, version, fault);
    }

    public SourceFile in(SourceBytes.Version found) {
        return new SourceFile(uri, key, labels, text, textFile, spans, extent, found, fault);
    }

    /** Refused; null for not. */
    public SourceFile refused(Fault why) {
        return new SourceFile(uri, key, labels, text, textFile, spans, extent, version, why);
    }

    public SourceFile refused(RejectCode code, String detail) {
        return refused(new Fault(code, detail));
    }

    /** The file that is read. */
    public String file() {
        return extent == null ? uri : extent.file();
    }

    /** The name that may say what the bytes are, by its ending. */
    public String named() {
        return isWhole() ? file() : uri;
    }

    boolean isWhole() {
        return extent == null || extent.length() == Extent.ALL;
    }

    /**
     * Names all that the listing says, so that a recording of which it says the same need not be read again; null where the
     * version is not known, of which nothing can be told.
     */
    public String digest() {
        return version == null ? null : Sha256.of(toString());
    }
}
