package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_FLAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.glossa.error.GlossaException;
import java.io.ByteArrayOutputStream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** 16 kHz mono samples as a FLAC file of 16 bits. The same samples always give the same bytes. */
public final class FlacEncoder {
    private static final byte[] MARK = {'f', 'L', 'a', 'C'};
    /** STREAMINFO, the only and therefore last metadata block, of 34 bytes (RFC 9639, section 8). */
    private static final byte[] STREAM_INFO = {(byte) 0x80, 0, 0, 34};

    private final AVCodecContext codec;
    private final AVPacket packet;
    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private byte[] streamInfo = new byte[34];

    private FlacEncoder(AVCodecContext codec, AVPacket packet) {
        this.codec = codec;
        this.packet = packet;
    }

    /**
     * @param samples 16 kHz mono; beyond full scale (−1 … 1 − 2^−15) they are clipped, and rounded to 16 bits
     * @throws GlossaException of type RESOURCE if FFmpeg cannot (out of memory)
     */
    public static byte[] encode(float[] samples) {
        return encode(quantize(samples));
    }

    /** What {@link #encode} keeps: each sample times 32768, rounded to the nearest, clipped to 16 bits. */
    public static short[] quantize(float[] samples) {
        short[] quantized = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            int value = Math.round(samples[i] * 32768f);
            quantized[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
        }
        return quantized;
    }

    private static byte[] encode(short[] samples) {
        AVCodec encoder = avcodec_find_encoder(AV_CODEC_ID_FLAC);
        AVCodecContext codec = avcodec_alloc_context3(encoder);
        AVPacket packet = av_packet_alloc();
        AVFrame frame = av_frame_alloc();
        try {
            codec.sample_rate(AudioDecoder.SAMPLE_RATE);
            codec.sample_fmt(AV_SAMPLE_FMT_S16);
            av_channel_layout_default(codec.ch_layout(), 1);
            codec.flags(codec.flags() | AV_CODEC_FLAG_BITEXACT);
            codec.thread_count(1);
            check(avcodec_open2(codec, encoder, (PointerPointer<?>) null), "open the encoder");
            FlacEncoder flac = new FlacEncoder(codec, packet);
            flac.encode(samples, frame);
            return flac.file();
        } finally {
            av_frame_free(frame);
            av_packet_free(packet);
            avcodec_free_context(codec);
        }
    }

    private void encode(short[] samples, AVFrame frame) {
        for (int from = 0; from < samples.length; from += codec.frame_size()) {
            int count = Math.min(codec.frame_size(), samples.length - from);
            frame.nb_samples(count).format(AV_SAMPLE_FMT_S16).sample_rate(AudioDecoder.SAMPLE_RATE);
            av_channel_layout_default(frame.ch_layout(), 1);
            check(av_frame_get_buffer(frame, 0), "make room");
            new ShortPointer(frame.data(0)).put(samples, from, count);
            frame.pts(from);
            check(avcodec_send_frame(codec, frame), "encode");
            av_frame_unref(frame);
            collect();
        }
        check(avcodec_send_frame(codec, null), "finish");
        collect();
    }

    private void collect() {
        while (avcodec_receive_packet(codec, packet) >= 0) {
            BytePointer last = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, (SizeTPointer) null);
            if (last != null) {
                last.get(streamInfo);
            }
            byte[] bytes = new byte[packet.size()];
            if (bytes.length > 0) {
                packet.data().get(bytes);
            }
            frames.writeBytes(bytes);
            av_packet_unref(packet);
        }
    }

    private byte[] file() {
        ByteArrayOutputStream file = new ByteArrayOutputStream(frames.size() + 42);
        file.writeBytes(MARK);
        file.writeBytes(STREAM_INFO);
        file.writeBytes(streamInfo);
        file.writeBytes(frames.toByteArray());
        return file.toByteArray();
    }

    private static void check(int result, String step) {
        if (result < 0) {
            throw GlossaException.resource("Cannot encode FLAC: cannot " + step + ": " + FfmpegLog.explain(result));
        }
    }
}
