package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Buckets;
import java.util.List;

/**
 * What a batch holds.
 *
 * @param batchSeconds audio in a part of a batch, padding included
 * @param parts of a batch, which the ranks share; those of one rank follow each other, their gradients added up
 * @param buckets frames of each bucket, ascending
 */
public record BatchConfig(double batchSeconds, int parts, List<String> buckets) {
    static final BatchConfig DEFAULTS =
            new BatchConfig(40, 1, Buckets.USUAL.stream().map(String::valueOf).toList());

    public BatchConfig {
        SettingCheck.require(batchSeconds > 0, "batch-seconds=" + batchSeconds, "more than 0");
        SettingCheck.require(parts > 0, "parts=" + parts, "at least 1");
        buckets = List.copyOf(buckets);
        table(buckets, batchSeconds);
    }

    /** The table of buckets that these settings mean. */
    Buckets table() {
        return table(buckets, batchSeconds);
    }

    private static Buckets table(List<String> buckets, double seconds) {
        try {
            return Buckets.of(buckets.stream().map(Integer::valueOf).toList(), seconds);
        } catch (NumberFormatException e) {
            throw GlossaException.user(
                    "Cannot train with buckets=" + String.join(",", buckets) + ": expected whole numbers of frames");
        }
    }
}
