package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;
import static org.bytedeco.ffmpeg.global.swresample.*;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Makes files of any container and codec that this FFmpeg can write, so that the decoder has something to read. */
public final class TestEncoder {
    private TestEncoder() {}

    /**
     * @param muxer such as wav, mp3, ogg, ipod, matroska
     * @param codec an encoder's name
     * @param channels equally long, full scale ±1
     */
    public static byte[] encode(String muxer, String codec, int rate, float[]... channels) {
        AVCodec encoder = avcodec_find_encoder_by_name(codec);
        assertThat(encoder).as("encoder %s", codec).isNotNull();
        AVFormatContext format = new AVFormatContext((Pointer) null);
        check(avformat_alloc_output_context2(format, null, muxer, null));
        AVIOContext io = new AVIOContext((Pointer) null);
        check(avio_open_dyn_buf(io));
        format.pb(io);
        AVCodecContext context = avcodec_alloc_context3(encoder);
        context.sample_rate(rate).sample_fmt(sampleFormat(encoder)).bit_rate(64_000L * channels.length);
        context.strict_std_compliance(-2);
        av_channel_layout_default(context.ch_layout(), channels.length);
        context.time_base().num(1).den(rate);
        if ((format.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
            context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        check(avcodec_open2(context, encoder, (PointerPointer<?>) null));
        AVStream stream = avformat_new_stream(format, null);
        check(avcodec_parameters_from_context(stream.codecpar(), context));
        stream.time_base(context.time_base());
        check(avformat_write_header(format, (AVDictionary) null));
        write(format, stream, context, channels);
        check(av_write_trailer(format));
        avcodec_free_context(context);
        avio_seek(io, avio_size(io), 0);
        BytePointer file = new BytePointer((Pointer) null);
        int size = avio_close_dyn_buf(io, file);
        byte[] bytes = new byte[size];
        file.get(bytes);
        av_free(file);
        avformat_free_context(format);
        return bytes;
    }

    @SuppressWarnings("deprecation")
    private static int sampleFormat(AVCodec encoder) {
        return encoder.sample_fmts().get(0);
    }

    private static void write(AVFormatContext format, AVStream stream, AVCodecContext context, float[][] channels) {
        SwrContext convert = new SwrContext((Pointer) null);
        check(swr_alloc_set_opts2(
                convert,
                context.ch_layout(),
                context.sample_fmt(),
                context.sample_rate(),
                context.ch_layout(),
                AV_SAMPLE_FMT_FLTP,
                context.sample_rate(),
                0,
                null));
        check(swr_init(convert));
        int block = context.frame_size() > 0 ? context.frame_size() : 1024;
        for (int from = 0; from < channels[0].length; from += block) {
            int count = Math.min(block, channels[0].length - from);
            AVFrame floats = frame(context, AV_SAMPLE_FMT_FLTP, count);
            for (int c = 0; c < channels.length; c++) {
                new FloatPointer(floats.data(c)).put(channels[c], from, count);
            }
            AVFrame converted = frame(context, context.sample_fmt(), count);
            check(swr_convert_frame(convert, converted, floats));
            converted.pts(from);
            check(avcodec_send_frame(context, converted));
            drain(format, stream, context);
            av_frame_free(floats);
            av_frame_free(converted);
        }
        check(avcodec_send_frame(context, null));
        drain(format, stream, context);
        swr_free(convert);
    }

    private static AVFrame frame(AVCodecContext context, int sampleFormat, int count) {
        AVFrame frame = av_frame_alloc();
        frame.format(sampleFormat).sample_rate(context.sample_rate()).nb_samples(count);
        av_channel_layout_copy(frame.ch_layout(), context.ch_layout());
        check(av_frame_get_buffer(frame, 0));
        return frame;
    }

    private static void drain(AVFormatContext format, AVStream stream, AVCodecContext context) {
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(context, packet) >= 0) {
            packet.stream_index(stream.index());
            av_packet_rescale_ts(packet, context.time_base(), stream.time_base());
            check(av_interleaved_write_frame(format, packet));
        }
        av_packet_free(packet);
    }

    private static void check(int result) {
        assertThat(result).as(FfmpegLog.explain(result)).isNotNegative();
    }
}
