package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.text.TextEncoding;
import io.glossa.text.TextNormalizer;
import io.glossa.text.UndecodableText;

/**
 * What a person wrote down of a recording, and what the recording is used for.
 *
 * @param split {@code unlabelled} if there is no text
 * @param text normalised; null if there is none, or if the recording is to be learned from without it
 * @param raw as it came, without the space around it; null as {@code text} is
 */
public record Transcript(String split, String text, String raw) {
    /** Far more than anyone says in the longest recording. */
    private static final long MOST_BYTES = 10_000_000;

    /**
     * Of a recording's text, read from its file where it is in one. A text whose split the source does not say falls into the
     * three splits as {@link Split#of} does.
     *
     * @throws Refusal if there is a file and it gives no text
     */
    public static Transcript of(SourceFile file, SourceBytes files) throws Refusal {
        String raw = file.textFile() == null ? file.text() : read(file.textFile(), files);
        String text = raw == null ? "" : TextNormalizer.normalize(raw);
        boolean isText = !text.isEmpty() || !file.spans().isEmpty();
        String split = file.labels().split();
        if (split == null) {
            split = (isText ? Split.of(file.labels().lang(), file.key()) : Split.UNLABELLED).column();
        }
        boolean withText = !text.isEmpty() && !split.equals(Split.UNLABELLED.column());
        return new Transcript(split, withText ? text : null, withText ? raw.strip() : null);
    }

    private static String read(SourceFile.TextFile file, SourceBytes files) throws Refusal {
        String where = "the transcript " + SourceBytes.plain(file.uri()) + ": ";
        try {
            long bytes = files.version(file.uri()).bytes();
            if (bytes > MOST_BYTES) {
                throw new Refusal(RejectCode.TEXT_UNREADABLE, bytes + " bytes, expected at most " + MOST_BYTES);
            }
            return TextEncoding.named(file.encoding()).decode(files.read(file.uri()));
        } catch (Refusal refusal) {
            throw new Refusal(RejectCode.TEXT_UNREADABLE, where + refusal.getMessage());
        } catch (UndecodableText e) {
            throw new Refusal(RejectCode.TEXT_ENCODING, where + e.getMessage());
        }
    }
}
