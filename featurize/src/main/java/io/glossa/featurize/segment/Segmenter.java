package io.glossa.featurize.segment;

import io.glossa.featurize.decode.AudioDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a recording at its silences into segments of speech.
 *
 * <p>Levels are taken over 30 ms every 10 ms, without offset ({@link StepPower}). What lies below {@code max(floor, loud −
 * range, min(noise + 6 dB, loud − 20 dB))} is quiet, where loud and noise are the 95th and the 10th percentile of the levels;
 * quiet for {@code minSilenceSeconds} is silence, and everything between silences is speech, with a margin. Neighbouring
 * stretches of speech share a segment as long as it stays within {@code maxSeconds}. A stretch that alone is longer is cut at
 * its quietest 50 ms in the last two thirds of each {@code maxSeconds}. The same samples always give the same segments.
 */
public final class Segmenter {
    private static final int RATE = AudioDecoder.SAMPLE_RATE;
    private static final int STEP = StepPower.STEP;

    private static final double OVER_NOISE_DB = 6;
    private static final double UNDER_LOUD_DB = 20;

    private Segmenter() {}

    /**
     * Segments in ascending order that do not overlap and that together hold all speech; none if there is no speech.
     *
     * @param samples 16 kHz mono
     */
    public static List<Segment> segments(float[] samples, SegmenterConfig config) {
        StepPower power = new StepPower(samples);
        List<Segment> speech = speech(power.around(1), config, samples.length);
        double[] quietness = power.around(2);
        List<Segment> segments = new ArrayList<>();
        int longest = (int) (config.maxSeconds() * RATE);
        int longestPause = (int) (config.maxSilenceSeconds() * RATE);
        Segment open = null;
        for (Segment stretch : speech) {
            if (open != null
                    && (stretch.end() - open.start() > longest || stretch.start() - open.end() > longestPause)) {
                segments.add(open);
                open = null;
            }
            open = new Segment(open == null ? stretch.start() : open.start(), stretch.end());
            while (open.length() > longest) {
                int cut = quietest(quietness, open.start() + longest / 3, open.start() + longest);
                segments.add(new Segment(open.start(), cut));
                open = new Segment(cut, open.end());
            }
        }
        if (open != null) {
            segments.add(open);
        }
        return segments;
    }

    /** Stretches between silences, with margins; no two overlap. */
    private static List<Segment> speech(double[] level, SegmenterConfig config, int samples) {
        double threshold = threshold(level, config);
        int silence = (int) Math.ceil(config.minSilenceSeconds() * RATE / STEP);
        int least = (int) Math.ceil(config.leastSpeechSeconds() * RATE / STEP);
        int margin = (int) (config.marginSeconds() * RATE);
        List<Segment> speech = new ArrayList<>();
        int start = -1;
        int last = -1;
        int loud = 0;
        for (int i = 0; i <= level.length; i++) {
            boolean sounds = i < level.length && level[i] >= threshold;
            if (start >= 0 && (i == level.length || sounds && i - last > silence)) {
                if (loud >= least) {
                    add(speech, start * STEP - margin, (last + 1) * STEP + margin, samples);
                }
                start = -1;
            }
            if (sounds) {
                loud = start < 0 ? 1 : loud + 1;
                start = start < 0 ? i : start;
                last = i;
            }
        }
        return speech;
    }

    private static void add(List<Segment> speech, int start, int end, int samples) {
        int from = Math.max(0, start);
        int last = speech.size() - 1;
        if (last >= 0 && speech.get(last).end() > from) {
            int middle = (speech.get(last).end() + from) / 2;
            speech.set(last, new Segment(speech.get(last).start(), middle));
            from = middle;
        }
        speech.add(new Segment(from, Math.min(samples, end)));
    }

    private static double threshold(double[] level, SegmenterConfig config) {
        if (level.length == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double[] sorted = level.clone();
        Arrays.sort(sorted);
        double loud = decibels(sorted[(int) (0.95 * (sorted.length - 1))]);
        double noise = decibels(sorted[(int) (0.10 * (sorted.length - 1))]);
        double quiet = Math.max(loud - config.rangeDb(), Math.min(noise + OVER_NOISE_DB, loud - UNDER_LOUD_DB));
        return Math.pow(10, Math.max(config.floorDb(), quiet) / 10);
    }

    private static double decibels(double power) {
        return 10 * Math.log10(Math.max(power, 1e-20));
    }

    /** The middle of the quietest step between two samples; the last of equals. */
    private static int quietest(double[] quietness, int from, int to) {
        int best = from / STEP + 1;
        for (int i = best; (i + 1) * STEP <= to; i++) {
            if (quietness[i] <= quietness[best]) {
                best = i;
            }
        }
        return best * STEP + STEP / 2;
    }
}
