package io.glossa.featurize.decode;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The channels of a file to one: their mean, or one of them.
 *
 * <p>The mean keeps the level of what is the same in all channels. Where a channel is silent, or channels differ, it only
 * lowers the level, and that is left so. But signals of opposite sign vanish from it. So levels are measured over stretches of
 * 0.1 s, without offset: a stretch cancels where the power of the channels' sum is 10 dB or more below the sum of their powers;
 * independent channels, however many, have 0 dB, and two equal ones would have to be more than 143° apart. If a twentieth of
 * all that sounds cancels (stretches within 40 dB of the loudest), the file is better decoded from one channel alone, from
 * beginning to end: the one that is loudest where they cancel.
 */
final class Mixdown {
    /** In place of a channel's number: their mean. */
    static final int MEAN = -1;

    private static final int STRETCHES_PER_SECOND = 10;
    private static final double CANCELLED = 0.1;
    private static final double SOUNDING = 1e-4;
    private static final double SHARE = 0.05;

    private final int channel;
    private Level[] levels = new Level[0];
    private Level mixed = new Level();
    private int stretch;
    private int filled;

    /** Of each stretch, the powers of the channels added up. */
    private double[] powers = new double[256];

    private final BitSet cancelled = new BitSet();
    private int stretches;
    /** Of each channel, over the stretches that cancel. */
    private double[] lost = new double[0];

    private float[] mono = new float[0];

    /** @param channel from 0, or {@link #MEAN} */
    Mixdown(int channel) {
        this.channel = channel;
    }

    /** The channel that is taken, or {@link #MEAN}. */
    int channel() {
        return channel;
    }

    /** What follows has this rate, Hz, and so many channels. */
    void begin(int rate, int channels) {
        endStretch();
        stretch = Math.max(1, rate / STRETCHES_PER_SECOND);
        levels = new Level[channels];
        Arrays.setAll(levels, c -> new Level());
        lost = Arrays.copyOf(lost, Math.max(lost.length, channels));
    }

    /** One channel of the first {@code count} samples of some; valid until the next call. */
    float[] mono(float[][] channels, int count) {
        if (channels.length == 1 || channel != MEAN) {
            return channels[Math.max(0, Math.min(channel, channels.length - 1))];
        }
        if (mono.length < count) {
            mono = new float[count];
        }
        float share = 1f / channels.length;
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (float[] samples : channels) {
                sum += samples[i];
            }
            mono[i] = sum * share;
        }
        measure(channels, count);
        return mono;
    }

    private void measure(float[][] channels, int count) {
        int to;
        for (int from = 0; from < count; from = to) {
            to = Math.min(count, from + stretch - filled);
            for (int c = 0; c < channels.length; c++) {
                levels[c].add(channels[c], from, to);
            }
            mixed.add(mono, from, to);
            filled += to - from;
            if (filled == stretch) {
                endStretch();
            }
        }
    }

    private void endStretch() {
        if (filled == 0) {
            return;
        }
        double power = 0;
        for (Level level : levels) {
            power += level.power(filled);
        }
        if (stretches == powers.length) {
            powers = Arrays.copyOf(powers, 2 * stretches);
        }
        powers[stretches] = power;
        if (mixed.power(filled) * levels.length * levels.length < CANCELLED * power) {
            cancelled.set(stretches);
            for (int c = 0; c < levels.length; c++) {
                lost[c] += levels[c].power(filled);
            }
        }
        stretches++;
        filled = 0;
        mixed = new Level();
        Arrays.setAll(levels, c -> new Level());
    }

    /** The channel to decode alone, because too much cancels in the mean; {@link #MEAN} if that serves. */
    int better() {
        endStretch();
        double least = SOUNDING * Arrays.stream(powers).max().orElse(0);
        int sounding = 0;
        int gone = 0;
        for (int i = 0; i < stretches; i++) {
            if (powers[i] > 0 && powers[i] >= least) {
                sounding++;
                gone += cancelled.get(i) ? 1 : 0;
            }
        }
        if (gone == 0 || gone < SHARE * sounding) {
            return MEAN;
        }
        int best = 0;
        for (int c = 1; c < lost.length; c++) {
            best = lost[c] > lost[best] ? c : best;
        }
        return best;
    }

    /** Power of a stretch, without its mean. */
    private static final class Level {
        private double sum;
        private double squares;

        void add(float[] samples, int from, int to) {
            for (int i = from; i < to; i++) {
                sum += samples[i];
                squares += (double) samples[i] * samples[i];
            }
        }

        double power(int count) {
            return Math.max(0, squares - sum * sum / count) / count;
        }
    }
}
