package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decoded frames of one sample format as floats, channel by channel, at their own rate.
 *
 * <p>Full scale of integers becomes ±1. Floats stay what they are; doubles that no float holds become infinite.
 */
final class PlanarFloats implements AutoCloseable {
    private final SwrContext converter;
    private final PointerPointer<Pointer> outputs;
    private Pointer memory = new Pointer();
    private final float[][] channels;

    PlanarFloats(int format, int rate, int channels) throws Refusal {
        converter = Swr.open(channels, new int[] {format, AV_SAMPLE_FMT_FLTP}, new int[] {rate, rate});
        this.channels = new float[channels][0];
        outputs = new PointerPointer<>(av_mallocz((long) channels * Long.BYTES));
    }

    /** The first {@code frame.nb_samples()} of each array are the frame's samples; the next call writes over them. */
    float[][] of(AVFrame frame) throws Refusal {
        int count = frame.nb_samples();
        if (count > channels[0].length) {
            makeRoom(count);
        }
        int converted = swr_convert(converter, outputs, count, frame.extended_data(), count);
        if (converted != count) {
            throw new Refusal(RejectCode.CORRUPT, "cannot convert samples: " + FfmpegLog.explain(converted));
        }
        for (int c = 0; c < channels.length; c++) {
            new FloatPointer(outputs.get(c)).get(channels[c], 0, count);
        }
        return channels;
    }

    private void makeRoom(int count) {
        av_free(memory);
        memory = av_malloc((long) channels.length * count * Float.BYTES);
        for (int c = 0; c < channels.length; c++) {
            channels[c] = new float[count];
            outputs.put(c, new FloatPointer(memory).getPointer((long) c * count));
        }
    }

    @Override
    public void close() {
        swr_free(converter);
        av_free(memory);
        av_free(outputs);
    }
}
