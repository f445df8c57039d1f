package io.glossa.nst;

import io.glossa.featurize.lake.WriteCounts;
import java.util.List;
import java.util.Map;

/**
 * What a teacher labelled.
 *
 * @param utterances with a label of this generation and teacher, in the splits and snapshot asked for
 * @param added of those, the ones that this run labelled; 0 where an earlier run had done it all
 * @param accepted of those, the ones with no filter against them
 * @param audioSeconds of all of them
 * @param yields what each filter took away, by language
 * @param rejected utterances that cannot be recognised, by code
 * @param snapshot of the transcripts that holds the labels
 * @param writes what writing met
 */
public record LabelSummary(
        long utterances,
        long added,
        long accepted,
        double audioSeconds,
        List<FilterYield> yields,
        Map<String, Long> rejected,
        long snapshot,
        WriteCounts writes) {}
