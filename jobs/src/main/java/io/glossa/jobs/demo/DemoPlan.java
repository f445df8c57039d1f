package io.glossa.jobs.demo;

import io.glossa.jobs.corpus.DebianPrompts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much the demo does: fixed numbers of passes over the data, chosen so that the whole ends in time on two cores. All
 * recognisers pass equally often over the same human labels, so that one differs from the one before it in one thing.
 *
 * @param languages of the recordings that are fetched
 * @param pretrain passes of BEST-RQ over all speech
 * @param passes of each recogniser over its labels
 * @param mostSteps of MOST, of which the first quarter is without text
 */
public record DemoPlan(List<String> languages, int pretrain, int passes, int mostSteps) {
    /** Five languages, about twenty minutes. */
    public static final DemoPlan FULL = new DemoPlan(DebianPrompts.LANGUAGES, 2, 5, 120);

    /** One language, a few minutes: the same steps, too short to learn much. */
    public static final DemoPlan QUICK = new DemoPlan(List.of("it"), 2, 5, 12);

    static final String PRESET = "demo";

    private static final String LEARNING_RATE = "0.001";

    /** Of a recogniser: small, since of so little speech many steps learn more than many passes. */
    static final String BATCH_SECONDS = "10";

    /** Finer than usual, and from half a second on: two prompts of five are shorter than a second. */
    private static final String BUCKETS =
            "48,64,80,100,120,140,160,180,200,220,240,260,300,360,420,500,580,680,800,920,1060,1220,"
                    + "1420,1640,1900,2200,2540,2940,3200";

    /** Codebooks in proportion to an hour of speech; 16 of 8192 are for millions of hours. */
    private static final Map<String, String> CODEBOOKS = Map.of("codebooks", "4", "codes", "1024");

    private static final String ENCODER_BATCH_SECONDS = "40";

    Map<String, String> recogniser(int seed) {
        return training(BATCH_SECONDS, passes, seed);
    }

    static Map<String, String> training(String batchSeconds, int passes, int seed) {
        return new TreeMap<>(Map.of(
                "batch-seconds",
                batchSeconds,
                "buckets",
                BUCKETS,
                "learning-rate",
                LEARNING_RATE,
                "passes",
                Integer.toString(passes),
                "seed",
                Integer.toString(seed)));
    }

    Map<String, String> encoder(int seed) {
        Map<String, String> settings = training(ENCODER_BATCH_SECONDS, pretrain, seed);
        settings.putAll(CODEBOOKS);
        return settings;
    }

    /** Of each stream half as much as of pre-training, since a step has three. */
    Map<String, String> most(int seed) {
        int speechAlone = mostSteps / 4;
        return Map.of(
                "phases",
                speechAlone + ":untranscribed=0.5+paired," + (mostSteps - speechAlone)
                        + ":untranscribed=0.5+paired+text=0.3",
                "batch-seconds",
                "20",
                "buckets",
                BUCKETS,
                "untranscribed-batch-seconds",
                "20",
                "text-batch-seconds",
                "20",
                "learning-rate",
                LEARNING_RATE,
                "seed",
                Integer.toString(seed));
    }

    /** Entries of a codebook. */
    static int codes() {
        return Integer.parseInt(CODEBOOKS.get("codes"));
    }

    /**
     * The plan as settings of the report.
     *
     * @param languages of the recordings that there were
     */
    Map<String, String> values(List<String> languages) {
        Map<String, String> values = new TreeMap<>();
        values.put("demo.languages", String.join(",", languages));
        values.put("demo.passes-pretrain", Integer.toString(pretrain));
        values.put("demo.passes", Integer.toString(passes));
        values.put("demo.steps-most", Integer.toString(mostSteps));
        values.put("demo.preset", PRESET);
        values.put("demo.batch-seconds", BATCH_SECONDS);
        values.put("demo.learning-rate", LEARNING_RATE);
        values.put("demo.buckets", BUCKETS);
        values.put("pretrain.batch-seconds", ENCODER_BATCH_SECONDS);
        CODEBOOKS.forEach((key, value) -> values.put("pretrain." + key, value));
        return values;
    }
}
