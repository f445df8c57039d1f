package io.glossa.featurize;

import static org.bytedeco.ffmpeg.global.avutil.AV_CHANNEL_ORDER_UNSPEC;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;
import static org.bytedeco.ffmpeg.global.swresample.swr_set_matrix;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Decoded frames of any rate, format and number of channels to 16 kHz mono floats.
 *
 * <p>The channels are averaged, so that the same signal in all of them keeps its level. What is 16 kHz mono already passes
 * without resampler. A change of format within a file ends one conversion and begins another.
 */
final class MonoConverter implements AutoCloseable {
    static final int RATE = 16_000;

    /** Beyond these, a damaged header speaks: no recording has such rates, and to convert them would take for ever. */
    private static final int LEAST_RATE = 2000;

    private static final int MOST_RATE = 768_000;
    private static final int MOST_CHANNELS = 64;

    private final SampleBuffer into;
    private final AVChannelLayout mono = layout();
    private final AVChannelLayout source = layout();
    private SwrContext resampler;
    private FloatPointer output = new FloatPointer((Pointer) null);
    private int outputSamples;
    private final PointerPointer<Pointer> outputs = new PointerPointer<>(av_mallocz(Long.BYTES));
    private short[] shorts = new short[0];
    private int rate;
    private int format = -1;
    private int channels;

    MonoConverter(SampleBuffer into) {
        this.into = into;
        av_channel_layout_default(mono, 1);
    }

    /** Adds a frame's samples; the resampler keeps some back until later frames or {@link #finish()}. */
    void add(AVFrame frame) throws Refusal {
        if (frame.sample_rate() != rate
                || frame.format() != format
                || frame.ch_layout().nb_channels() != channels) {
            finish();
            begin(frame);
        }
        int count = frame.nb_samples();
        if (resampler != null) {
            convert(frame.extended_data(), count);
        } else if (format == AV_SAMPLE_FMT_S16 || format == AV_SAMPLE_FMT_S16P) {
            addShorts(frame, count);
        } else {
            addFloats(new FloatPointer(frame.data(0)), count);
        }
    }

    /** Takes what the resampler has kept back. */
    void finish() throws Refusal {
        if (resampler != null) {
            convert(null, 0);
            swr_free(resampler);
            resampler = null;
        }
    }

    private void addShorts(AVFrame frame, int count) {
        if (shorts.length < count) {
            shorts = new short[count];
        }
        new ShortPointer(frame.data(0)).get(shorts, 0, count);
        float[] samples = into.room(count);
        int from = into.size();
        for (int i = 0; i < count; i++) {
            samples[from + i] = shorts[i] * (1f / 32768);
        }
        into.advance(count);
    }

    private void begin(AVFrame frame) throws Refusal {
        rate = frame.sample_rate();
        format = frame.format();
        channels = frame.ch_layout().nb_channels();
        if (rate < LEAST_RATE || rate > MOST_RATE || channels < 1 || channels > MOST_CHANNELS) {
            throw new Refusal(RejectCode.CORRUPT, channels + " channels at " + rate + " Hz");
        }
        boolean plain = format == AV_SAMPLE_FMT_S16
                || format == AV_SAMPLE_FMT_S16P
                || format == AV_SAMPLE_FMT_FLT
                || format == AV_SAMPLE_FMT_FLTP;
        if (rate == RATE && channels == 1 && plain) {
            return;
        }
        av_channel_layout_uninit(source);
        if (frame.ch_layout().order() == AV_CHANNEL_ORDER_UNSPEC) {
            av_channel_layout_default(source, channels);
        } else {
            av_channel_layout_copy(source, frame.ch_layout());
        }
        resampler = new SwrContext((Pointer) null);
        int made = swr_alloc_set_opts2(resampler, mono, AV_SAMPLE_FMT_FLT, RATE, source, format, rate, 0, null);
        if (made >= 0 && channels > 1) {
            double[] average = new double[channels];
            Arrays.fill(average, 1.0 / channels);
            made = swr_set_matrix(resampler, average, channels);
        }
        if (made >= 0) {
            made = swr_init(resampler);
        }
        if (made < 0) {
            throw new Refusal(
                    RejectCode.UNSUPPORTED_CODEC,
                    "cannot convert " + channels + " channels at " + rate + " Hz: " + FfmpegLog.explain(made));
        }
    }

    private void convert(PointerPointer<?> input, int count) throws Refusal {
        int most = swr_get_out_samples(resampler, count);
        if (most > outputSamples) {
            av_free(output);
            output = new FloatPointer(av_malloc((long) most * Float.BYTES));
            outputs.put(0, output);
            outputSamples = most;
        }
        int converted = swr_convert(resampler, outputs, outputSamples, input, count);
        if (converted < 0) {
            throw new Refusal(RejectCode.CORRUPT, "cannot resample: " + FfmpegLog.explain(converted));
        }
        addFloats(output, converted);
    }

    private void addFloats(FloatPointer from, int count) {
        from.get(into.room(count), into.size(), count);
        into.advance(count);
        into.scrub(count);
    }

    private static AVChannelLayout layout() {
        return new AVChannelLayout(av_mallocz(Loader.sizeof(AVChannelLayout.class)));
    }

    @Override
    public void close() {
        if (resampler != null) {
            swr_free(resampler);
        }
        av_free(output);
        av_free(outputs);
        for (AVChannelLayout layout : new AVChannelLayout[] {mono, source}) {
            av_channel_layout_uninit(layout);
            av_free(layout);
        }
    }
}
