package io.glossa.storage;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;

/**
 * What a snapshot was made from; every commit carries it in the snapshot's summary.
 *
 * @param job the job's name, such as {@code featurize}
 * @param run the run's id
 * @param jobKey names the work itself: equal for two runs that would write the same rows
 * @param inputs snapshot id by table name
 * @param configDigest digest of the job's configuration
 * @param codeVersion version of the code that ran
 * @param modelDigest digest of the model that was used; null if none was
 */
public record Lineage(
        String job,
        String run,
        String jobKey,
        Map<String, Long> inputs,
        String configDigest,
        String codeVersion,
        String modelDigest) {
    private static final String PREFIX = "glossa.";

    /** The entry of the digest of the model that was used, or started from. */
    public static final String MODEL_DIGEST = PREFIX + "model-digest";

    private static final String INPUT = PREFIX + "input.";
    static final String JOB_KEY = PREFIX + "job-key";

    public Lineage {
        inputs = Map.copyOf(inputs);
    }

    /**
     * The entries of the summary, all under {@code glossa.}, in lower case. A Spark writer takes each as the option
     * {@code snapshot-property.<key>}.
     */
    public Map<String, String> toSummary() {
        Map<String, String> summary = new TreeMap<>();
        summary.put(PREFIX + "job", job);
        summary.put(PREFIX + "run", run);
        summary.put(JOB_KEY, jobKey);
        summary.put(PREFIX + "config-digest", configDigest);
        summary.put(PREFIX + "code-version", codeVersion);
        if (modelDigest != null) {
            summary.put(MODEL_DIGEST, modelDigest);
        }
        inputs.forEach((table, snapshot) -> summary.put(INPUT + table, Long.toString(snapshot)));
        return summary;
    }

    /** The lineage in a snapshot's summary; empty if the snapshot was written by something other than a Glossa job. */
    public static Optional<Lineage> of(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        if (!summary.containsKey(JOB_KEY)) {
            return Optional.empty();
        }
        Map<String, Long> inputs = new TreeMap<>();
        summary.forEach((key, value) -> {
            if (key.startsWith(INPUT)) {
                inputs.put(key.substring(INPUT.length()), Long.valueOf(value));
            }
        });
        return Optional.of(new Lineage(
                summary.get(PREFIX + "job"),
                summary.get(PREFIX + "run"),
                summary.get(JOB_KEY),
                inputs,
                summary.get(PREFIX + "config-digest"),
                summary.get(PREFIX + "code-version"),
                summary.get(MODEL_DIGEST)));
    }
}
