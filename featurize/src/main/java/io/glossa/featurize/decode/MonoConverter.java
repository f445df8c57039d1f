package io.glossa.featurize.decode;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decoded frames of any rate, format and number of channels to 16 kHz mono floats.
 *
 * <p>A frame passes through {@link PlanarFloats}, {@link FullScale}, {@link Mixdown} and, unless it is 16 kHz, {@link
 * Resampler}. A change of format within a file ends one conversion and begins another.
 */
final class MonoConverter implements AutoCloseable {
    static final int RATE = 16_000;

    /** Beyond these, a damaged header speaks: no recording has such rates, and to convert them would take for ever. */
    private static final int LEAST_RATE = 2000;

    private static final int MOST_RATE = 768_000;
    private static final int MOST_CHANNELS = 64;

    private final SampleBuffer into;
    private final Mixdown mixdown;
    private final FullScale fullScale;
    private PlanarFloats floats;
    private Resampler resampler;
    private int rate;
    private int format = -1;
    private int channels;

    MonoConverter(SampleBuffer into, Mixdown mixdown, FullScale fullScale) {
        this.into = into;
        this.mixdown = mixdown;
        this.fullScale = fullScale;
    }

    /** Adds a frame's samples; some are kept back until later frames or {@link #finish()}. */
    void add(AVFrame frame) throws Refusal {
        if (frame.sample_rate() != rate
                || frame.format() != format
                || frame.ch_layout().nb_channels() != channels) {
            finish();
            begin(frame);
        }
        int count = frame.nb_samples();
        float[][] samples = floats.of(frame);
        fullScale.take(samples, count);
        float[] mono = mixdown.mono(samples, count);
        if (resampler == null) {
            into.add(mono, count);
        } else {
            resampler.add(mono, count);
        }
    }

    /** Takes what was kept back. */
    void finish() throws Refusal {
        if (resampler != null) {
            resampler.finish();
        }
        close();
    }

    private void begin(AVFrame frame) throws Refusal {
        rate = frame.sample_rate();
        format = frame.format();
        channels = frame.ch_layout().nb_channels();
        if (rate < LEAST_RATE || rate > MOST_RATE || channels < 1 || channels > MOST_CHANNELS) {
            throw new Refusal(RejectCode.CORRUPT, channels + " channels at " + rate + " Hz");
        }
        floats = new PlanarFloats(format, rate, channels);
        mixdown.begin(rate, channels);
        resampler = rate == RATE ? null : new Resampler(rate, into);
    }

    @Override
    public void close() {
        if (floats != null) {
            floats.close();
            floats = null;
        }
        if (resampler != null) {
            resampler.close();
            resampler = null;
        }
    }
}
