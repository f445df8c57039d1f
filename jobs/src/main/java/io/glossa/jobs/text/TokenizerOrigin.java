package io.glossa.jobs.text;

import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.List;
import java.util.Optional;

/**
 * What a tokenizer was learned from, noted in the lake as a property of {@code transcripts} under its digest, which is all that a
 * checkpoint knows of it.
 *
 * @param transcripts snapshot whose human texts it is of; 0: none
 * @param splits of these
 * @param sentences snapshot whose texts it is of, all; 0: none
 */
public record TokenizerOrigin(long transcripts, List<String> splits, long sentences) {
    private static final String PROPERTY = "glossa.tokenizer.";

    /** What was noted of a tokenizer, if it was. */
    public static Optional<TokenizerOrigin> of(Lake lake, String digest) {
        return Optional.ofNullable(
                        lake.table(LakeTable.TRANSCRIPTS).properties().get(PROPERTY + digest))
                .map(TokenizerOrigin::parse);
    }

    /** Notes it; what is learned from the same texts again has the same digest. */
    void note(Lake lake, String digest) {
        lake.table(LakeTable.TRANSCRIPTS)
                .updateProperties()
                .set(PROPERTY + digest, transcripts + " " + String.join(",", splits) + " " + sentences)
                .commit();
    }

    private static TokenizerOrigin parse(String text) {
        String[] parts = text.split(" ");
        return new TokenizerOrigin(Long.parseLong(parts[0]), List.of(parts[1].split(",")), Long.parseLong(parts[2]));
    }
}
