package io.glossa.featurize;

import java.util.Map;

/**
 * What a stage did.
 *
 * @param in files or utterances given
 * @param known of them, those that an earlier run had finished
 * @param out recordings, or features, written by this run
 * @param utterances written by this run
 * @param partial damaged files of which a part was kept
 * @param mended whole files that were not taken as they are, as their warnings say
 * @param duplicates files with the bytes of another, which is not a reject
 * @param rejected by code, whether or not the row was there already
 * @param audioSeconds decoded by this run
 */
public record StageSummary(
        long in,
        long known,
        long out,
        long utterances,
        long partial,
        long mended,
        long duplicates,
        Map<String, Long> rejected,
        double audioSeconds) {

    public StageSummary {
        rejected = Map.copyOf(rejected);
    }

    /** Rejects of all codes. */
    public long rejects() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }
}
