package io.glossa.featurize.mel;

import io.glossa.error.GlossaException;
import java.io.Serializable;

/**
 * The log-mel front end of USM (Zhang et al. 2023, as its released descendants compute it), without pre-emphasis.
 *
 * <p>Frame t covers the samples {@code hop·t … hop·t + frameLength − 1}; a recording of n samples has {@code 1 + ⌊(n −
 * frameLength) / hop⌋} frames and its tail is dropped. A frame is multiplied by a periodic Hann window, transformed by an
 * FFT of {@code fftSize}, its magnitudes are summed by triangular HTK mel filters of peak 1, and the natural logarithm of
 * {@code max(x, floor)} is taken.
 *
 * @param sampleRate samples per second
 * @param frameLength samples in a frame, at most 512
 * @param hop samples from one frame to the next
 * @param fftSize points of the transform; 1024
 * @param mels mel filters, a multiple of 4
 * @param lowHz lower edge of the first filter
 * @param highHz upper edge of the last filter
 * @param preEmphasis HTK's coefficient a, applied within each frame: y[n] = x[n] − a·x[n−1], y[0] = (1 − a)·x[0]; 0 for none
 * @param floor least value whose logarithm is taken
 */
public record FrontEndConfig(
        int sampleRate,
        int frameLength,
        int hop,
        int fftSize,
        int mels,
        double lowHz,
        double highHz,
        double preEmphasis,
        double floor)
        implements Serializable {

    public FrontEndConfig {
        check("sample-rate", sampleRate, sampleRate > 0, "more than 0");
        check("fft-size", fftSize, fftSize == LaneFft.SIZE, "1024");
        check("frame-length", frameLength, frameLength > 0 && frameLength <= LaneFft.INPUTS, "1 to 512");
        check("hop", hop, hop > 0, "more than 0");
        check("mels", mels, mels > 0 && mels <= 512 && mels % 4 == 0, "a multiple of 4 up to 512");
        check("low-hz", lowHz, lowHz >= 0 && lowHz < highHz, "at least 0 and less than high-hz");
        check("high-hz", highHz, highHz <= sampleRate / 2.0, "at most half the sample rate");
        check("pre-emphasis", preEmphasis, preEmphasis >= 0 && preEmphasis < 1, "0 or more and less than 1");
        check("floor", floor, (float) floor >= Float.MIN_NORMAL, "a normal positive number");
    }

    /** 16 kHz, 128 mels from 125 to 7600 Hz, 32 ms frames every 10 ms, no pre-emphasis. */
    public static FrontEndConfig usm() {
        return new FrontEndConfig(16_000, 512, 160, 1024, 128, 125, 7600, 0, 1e-5);
    }

    /** Frames of so many samples; 0 if they are fewer than a frame. */
    public int frames(int samples) {
        return samples < frameLength ? 0 : 1 + (samples - frameLength) / hop;
    }

    /** The fewest samples of so many frames, at least one. */
    public int samples(int frames) {
        return frameLength + (frames - 1) * hop;
    }

    private static void check(String key, double value, boolean holds, String expected) {
        if (!holds) {
            throw GlossaException.user(
                    "Cannot use the front end's " + key + ": found " + value + ", expected " + expected);
        }
    }
}
