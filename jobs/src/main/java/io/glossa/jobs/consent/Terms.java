package io.glossa.jobs.consent;

import io.glossa.config.ConfigDigest;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * By which consent a run uses the lake's speech.
 *
 * @param consent snapshot of {@code consent}; 0: none was written
 * @param utterances snapshot of {@code utterances}, which says who speaks; 0: likewise
 * @param date of the day, YYYY-MM-DD, UTC
 * @param emptied digest of the utterances that were forgotten after the batches were planned, so that their places are empty; empty:
 *     none were
 */
public record Terms(Usage usage, long consent, long utterances, String date, String emptied) implements Serializable {
    /** Of a run that leaves nothing out, and so keeps to no snapshot. */
    public static final Terms NONE = new Terms(Usage.DEFAULTS, 0, 0, "", "");

    private static final String CONSENT = "consent";
    private static final String UTTERANCES = "consent-utterances";
    private static final String DATE = "consent-date";
    private static final String EMPTIED = "emptied";

    /** Behind the run's name: the run itself may read another snapshot of utterances. */
    private static final String TAG = "-consent";

    /** Those of today. */
    public static Terms now(Lake lake, Usage usage) {
        return new Terms(
                usage,
                lake.snapshot(LakeTable.CONSENT).orElse(0),
                lake.snapshot(LakeTable.UTTERANCES).orElse(0),
                LocalDate.now(ZoneOffset.UTC).toString(),
                "");
    }

    /**
     * What a run keeps to from its first launch on: where it leaves rows out, which ones is a matter of snapshots and a day; else
     * nothing but how it is used.
     *
     * @param lineage of its last checkpoint; empty: this is its first launch
     * @param prefix of the keys in it
     */
    public static Terms kept(Lake lake, Usage usage, Map<String, String> lineage, String prefix) {
        if (!usage.leavesOut()) {
            return new Terms(usage, 0, 0, "", "");
        }
        return lineage.containsKey(prefix + DATE) ? ofLineage(lineage, prefix).with(usage) : now(lake, usage);
    }

    /** The same for another use; what is left out stays what it was. */
    public Terms with(Usage other) {
        return new Terms(other, consent, utterances, date, emptied);
    }

    /** The same with the places of some utterances empty. */
    public Terms emptied(String digest) {
        return new Terms(usage, consent, utterances, date, digest);
    }

    /** Whether it leaves out what may not be used, rather than to stop. */
    public boolean leavesOut() {
        return usage.leavesOut();
    }

    /** Whether of what {@link #lineage} says this names something by which rows are chosen. */
    public boolean chooses(String key) {
        return leavesOut() || !key.startsWith(Usage.PREFIX);
    }

    /** For lineage; empty where nothing is as by default. */
    public Map<String, String> lineage() {
        Map<String, String> lineage = new LinkedHashMap<>(usage.lineage());
        if (leavesOut()) {
            lineage.put(CONSENT, Long.toString(consent));
            lineage.put(UTTERANCES, Long.toString(utterances));
            lineage.put(DATE, date);
        }
        if (!emptied.isEmpty()) {
            lineage.put(EMPTIED, emptied);
        }
        return lineage;
    }

    /** Names what is left out; empty: nothing is. */
    public String digest() {
        return leavesOut() ? ConfigDigest.of(lineage()) : "";
    }

    /** What {@link #lineage} says, under keys with a prefix. */
    public static Terms ofLineage(Map<String, String> lineage, String prefix) {
        return new Terms(
                Usage.ofLineage(lineage, prefix),
                Long.parseLong(lineage.getOrDefault(prefix + CONSENT, "0")),
                Long.parseLong(lineage.getOrDefault(prefix + UTTERANCES, "0")),
                lineage.getOrDefault(prefix + DATE, ""),
                lineage.getOrDefault(prefix + EMPTIED, ""));
    }

    /** Keeps the snapshots for as long as a run is known; not where they may be gone, with what was forgotten. */
    public void tag(Lake lake, String run) {
        if (!emptied.isEmpty()) {
            return;
        }
        if (consent != 0) {
            lake.tag(LakeTable.CONSENT, consent, run + TAG);
        }
        if (utterances != 0) {
            lake.tag(LakeTable.UTTERANCES, utterances, run + TAG);
        }
    }
}
