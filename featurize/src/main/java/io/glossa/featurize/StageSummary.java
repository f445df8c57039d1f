package io.glossa.featurize;

import io.glossa.featurize.lake.WriteCounts;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stage did.
 *
 * @param in files or utterances given
 * @param out recordings, or features, written by this run
 * @param utterances written by this run
 * @param partial damaged files of which a part was kept
 * @param mended whole files that were not taken as they are, as their warnings say
 * @param duplicates files with the bytes of another, which is not a reject
 * @param changed files of which the lake had another version, superseded by this run; they are counted elsewhere too
 * @param rejected by code, whether or not the row was there already
 * @param audioSeconds decoded by this run
 * @param writes what writing met
 */
public record StageSummary(
        long in,
        long out,
        long utterances,
        long partial,
        long mended,
        long duplicates,
        long changed,
        Map<String, Long> rejected,
        double audioSeconds,
        WriteCounts writes) {

    public StageSummary {
        rejected = Map.copyOf(rejected);
    }

    /** Rejects of all codes. */
    public long rejects() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of what was given, what an earlier run had finished, or another has meanwhile. */
    public long known() {
        return in - out - duplicates - rejects();
    }

    /** What two pieces of work did; the counts of writing are those of the second, which has seen both. */
    public StageSummary plus(StageSummary more) {
        Map<String, Long> codes = new TreeMap<>(rejected);
        more.rejected.forEach((code, count) -> codes.merge(code, count, Long::sum));
        return new StageSummary(
                in + more.in,
                out + more.out,
                utterances + more.utterances,
                partial + more.partial,
                mended + more.mended,
                duplicates + more.duplicates,
                changed + more.changed,
                codes,
                audioSeconds + more.audioSeconds,
                more.writes);
    }
}
