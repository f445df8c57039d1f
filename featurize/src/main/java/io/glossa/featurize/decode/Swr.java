package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** Opens contexts of swresample that leave channels as they are. */
final class Swr {
    private Swr() {}

    /**
     * @param formats FFmpeg's numbers of the sample formats, from and to
     * @param rates Hz, from and to
     * @return to be freed by {@code swr_free}
     */
    static SwrContext open(int channels, int[] formats, int[] rates) throws Refusal {
        SwrContext context = new SwrContext((Pointer) null);
        // Only samples are converted, so what the channels are called does not matter.
        AVChannelLayout layout = new AVChannelLayout(av_mallocz(Loader.sizeof(AVChannelLayout.class)));
        av_channel_layout_default(layout, channels);
        int made = swr_alloc_set_opts2(context, layout, formats[1], rates[1], layout, formats[0], rates[0], 0, null);
        if (made >= 0) {
            made = swr_init(context);
        }
        av_channel_layout_uninit(layout);
        av_free(layout);
        if (made < 0) {
            swr_free(context);
            throw new Refusal(
                    RejectCode.UNSUPPORTED_CODEC,
                    "cannot convert " + channels + " channels at " + rates[0] + " Hz: " + FfmpegLog.explain(made));
        }
        return context;
    }
}
