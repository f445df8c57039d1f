package io.glossa.featurize.segment;

import io.glossa.error.GlossaException;

/**
 * How recordings without transcript are cut.
 *
 * @param maxSeconds longest segment
 * @param minSilenceSeconds shortest quiet stretch that counts as silence
 * @param maxSilenceSeconds longest silence within a segment; a longer one ends it
 * @param marginSeconds silence kept before and after speech
 * @param leastSpeechSeconds less sound than this between two silences is a click, not speech
 * @param rangeDb what is this much quieter than the loud parts (95th percentile) is silence
 * @param floorDb what is quieter than this, relative to full scale, is silence in any case
 */
public record SegmenterConfig(
        double maxSeconds,
        double minSilenceSeconds,
        double maxSilenceSeconds,
        double marginSeconds,
        double leastSpeechSeconds,
        double rangeDb,
        double floorDb) {

    public SegmenterConfig {
        check("max-seconds", maxSeconds, maxSeconds >= 1, "at least 1");
        check("min-silence-seconds", minSilenceSeconds, minSilenceSeconds > 0, "more than 0");
        check(
                "max-silence-seconds",
                maxSilenceSeconds,
                maxSilenceSeconds >= minSilenceSeconds,
                "at least min-silence-seconds");
        check(
                "margin-seconds",
                marginSeconds,
                marginSeconds >= 0 && marginSeconds <= maxSeconds / 4,
                "0 to a quarter of max-seconds");
        check("least-speech-seconds", leastSpeechSeconds, leastSpeechSeconds >= 0, "0 or more");
        check("range-db", rangeDb, rangeDb > 0, "more than 0");
        check("floor-db", floorDb, floorDb < 0, "less than 0");
    }

    /** Segments of at most 30 s, cut in silences of half a second and more. */
    public static SegmenterConfig standard() {
        return new SegmenterConfig(30, 0.5, 2, 0.2, 0.1, 40, -65);
    }

    private static void check(String key, double value, boolean holds, String expected) {
        if (!holds) {
            throw GlossaException.user(
                    "Cannot use the segmenter's " + key + ": found " + value + ", expected " + expected);
        }
    }
}
