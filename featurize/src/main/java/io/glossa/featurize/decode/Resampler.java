package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Mono samples of one rate to 16 kHz. */
final class Resampler implements AutoCloseable {
    private final SampleBuffer into;
    private final SwrContext resampler;
    private final Plane input = new Plane();
    private final Plane output = new Plane();

    Resampler(int rate, SampleBuffer into) throws Refusal {
        this.into = into;
        int[] floats = {AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLT};
        resampler = Swr.open(1, floats, new int[] {rate, MonoConverter.RATE});
    }

    /** Some samples are kept back until later ones or {@link #finish()}. */
    void add(float[] samples, int count) throws Refusal {
        input.room(count);
        input.samples.put(samples, 0, count);
        convert(input.planes, count);
    }

    /** Takes what was kept back. */
    void finish() throws Refusal {
        convert(null, 0);
    }

    private void convert(PointerPointer<Pointer> planes, int count) throws Refusal {
        output.room(swr_get_out_samples(resampler, count));
        int converted = swr_convert(resampler, output.planes, output.size, planes, count);
        if (converted < 0) {
            throw new Refusal(RejectCode.CORRUPT, "cannot resample: " + FfmpegLog.explain(converted));
        }
        output.samples.get(into.room(converted), into.size(), converted);
        into.advance(converted);
    }

    @Override
    public void close() {
        swr_free(resampler);
        input.close();
        output.close();
    }

    /** Native memory for samples, and the array of one pointer by which swresample is told of it. */
    private static final class Plane implements AutoCloseable {
        private final PointerPointer<Pointer> planes = new PointerPointer<>(av_mallocz(Long.BYTES));
        private FloatPointer samples = new FloatPointer((Pointer) null);
        private int size;

        void room(int count) {
            if (count > size) {
                av_free(samples);
                samples = new FloatPointer(av_malloc((long) count * Float.BYTES));
                planes.put(0, samples);
                size = count;
            }
        }

        @Override
        public void close() {
            av_free(samples);
            av_free(planes);
        }
    }
}
