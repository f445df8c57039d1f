package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_FLAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CAREFUL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CRCCHECK;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.PointerPointer;

/** Reads all packets of a container's audio stream, decodes them, and notes what is missing or wrong. */
final class StreamDecoder implements AutoCloseable {
    /** A hole between the timestamps of two frames that counts as missing audio, s; containers round to milliseconds. */
    private static final double HOLE_SECONDS = 0.06;
    /** How much less than declared a codec of blocks may give: encoder delay and what fills up the last block. */
    private static final double BLOCK_SLACK_SECONDS = 0.15;
    /** How much less than declared a file of several streams may give: how long the last picture stays. */
    private static final double PICTURE_SLACK_SECONDS = 1;
    /** Failures in a row after which the rest of a file is given up. */
    private static final int PATIENCE = 1000;

    private static final int EAGAIN = AVERROR_EAGAIN();

    private final Container container;
    private final Damage damage;
    private final AVCodecContext codec;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final boolean exact;

    private int failures;
    private long samplesAtRate;
    private int rate;
    private double secondsAtOtherRates;
    private double nextSeconds = Double.NaN;
    private double farthestSeconds;
    private int sampleRate;
    private int channels;

    StreamDecoder(Container container, Damage damage) throws Refusal {
        this.container = container;
        this.damage = damage;
        int id = container.parameters().codec_id();
        AVCodec decoder = avcodec_find_decoder(id);
        if (decoder == null) {
            close(null);
            throw new Refusal(
                    RejectCode.UNSUPPORTED_CODEC, "this FFmpeg build has no decoder for " + container.codec());
        }
        codec = avcodec_alloc_context3(decoder);
        avcodec_parameters_to_context(codec, container.parameters());
        codec.pkt_timebase(container.timeBase());
        codec.thread_count(1);
        // A FLAC frame of wrong checksum is lost rather than noise.
        codec.err_recognition(AV_EF_CRCCHECK | (id == AV_CODEC_ID_FLAC ? AV_EF_EXPLODE : AV_EF_CAREFUL));
        int opened = avcodec_open2(codec, decoder, (PointerPointer<?>) null);
        if (opened < 0) {
            String why = FfmpegLog.explain(opened);
            close(codec);
            throw new Refusal(RejectCode.CORRUPT, "cannot begin to decode " + container.codec() + ": " + why);
        }
        exact = container.pcm() || id == AV_CODEC_ID_FLAC;
    }

    /** Everything there is, up to the buffer's limit, if the container has nothing but FLAC frames and all are intact. */
    void decodeFlac(MonoConverter converter, SampleBuffer into) throws Refusal {
        container.readAll(packet);
        noteFailure(send(packet, converter, into));
        finish(converter, into);
    }

    /** Everything there is, up to the buffer's limit. */
    void decode(MonoConverter converter, SampleBuffer into) throws Refusal {
        int read = 0;
        while (read >= 0 && !into.full() && failures < PATIENCE) {
            read = container.read(packet);
            if (read == EAGAIN) {
                read = 0;
                failures++;
            } else if (read >= 0) {
                double end = container.end(packet);
                farthestSeconds = end > farthestSeconds ? end : farthestSeconds;
                if (container.owns(packet) && !container.isTag(packet)) {
                    take(packet, converter, into);
                }
            }
            av_packet_unref(packet);
        }
        // What cannot be read behind the last byte is the end, whatever it is called.
        if (read < 0 && read != AVERROR_EOF && container.left() > 0) {
            damage.note(RejectCode.CORRUPT, "cannot read on: " + FfmpegLog.explain(read));
        }
        finish(converter, into);
    }

    private void take(AVPacket read, MonoConverter converter, SampleBuffer into) throws Refusal {
        if ((read.flags() & AV_PKT_FLAG_CORRUPT) != 0 && container.knowsItsEnd()) {
            damage.note(RejectCode.TRUNCATED, "a packet is cut short");
        }
        boolean padding = read.size() < container.blockBytes() && container.left() == 0;
        int failure = send(read, converter, into);
        if (!padding) {
            noteFailure(failure);
        }
    }

    private void finish(MonoConverter converter, SampleBuffer into) throws Refusal {
        noteFailure(send(null, converter, into));
        converter.finish();
        checkLength(into);
    }

    /** Decodes a packet, null at the end; an FFmpeg error code if not all of it decodes. */
    private int send(AVPacket sent, MonoConverter converter, SampleBuffer into) throws Refusal {
        int result = avcodec_send_packet(codec, sent);
        if (result == 0 || result == EAGAIN) {
            result = 0;
            while (result >= 0 && !into.full()) {
                result = avcodec_receive_frame(codec, frame);
                if (result >= 0) {
                    take(converter);
                }
            }
        }
        return result == EAGAIN || result == AVERROR_EOF ? 0 : result;
    }

    private void noteFailure(int result) {
        if (result < 0) {
            failures++;
            damage.note(RejectCode.CORRUPT, at() + FfmpegLog.explain(result));
        }
    }

    private void take(MonoConverter converter) throws Refusal {
        failures = 0;
        converter.add(frame);
        if (sampleRate == 0) {
            sampleRate = frame.sample_rate();
            channels = frame.ch_layout().nb_channels();
        }
        if (frame.sample_rate() != rate) {
            secondsAtOtherRates = seconds();
            samplesAtRate = 0;
            rate = frame.sample_rate();
        }
        checkHole();
        samplesAtRate += frame.nb_samples();
    }

    private void checkHole() {
        if (frame.best_effort_timestamp() == AV_NOPTS_VALUE || !container.keepsTimes()) {
            return;
        }
        AVRational timeBase = container.timeBase();
        double seconds = (double) frame.best_effort_timestamp() * timeBase.num() / timeBase.den();
        if (seconds - nextSeconds > HOLE_SECONDS) {
            damage.note(RejectCode.CORRUPT, at() + format("%.2f s are missing", seconds - nextSeconds));
        }
        nextSeconds = seconds + (double) frame.nb_samples() / frame.sample_rate();
    }

    private void checkLength(SampleBuffer into) {
        Declared declared = container.declared();
        double there = declared.ofAll() ? Math.max(seconds(), farthestSeconds) : seconds();
        double slack = declared.ofSeveral()
                ? PICTURE_SLACK_SECONDS
                : exact ? 0.5 / Math.max(1, sampleRate) : BLOCK_SLACK_SECONDS;
        if (declared.seconds() - there > slack && !into.full() && !(exact && isPlaceholder(declared.seconds()))) {
            damage.note(
                    RejectCode.TRUNCATED,
                    format("%.3f s of %.3f s declared by the header are there", there, declared.seconds()));
        }
    }

    /** Of plain samples, whether the length is one that writers put where they cannot know it. */
    private boolean isPlaceholder(double seconds) {
        return RiffChunks.isPlaceholder((long) (seconds * sampleRate * container.blockBytes()));
    }

    private String at() {
        return format("at %.2f s: ", seconds());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Decoded so far. */
    private double seconds() {
        return secondsAtOtherRates + (rate == 0 ? 0 : (double) samplesAtRate / rate);
    }

    AudioInfo info() {
        return new AudioInfo(container.name(), container.codec(), sampleRate, channels, seconds());
    }

    @Override
    public void close() {
        close(codec);
    }

    private void close(AVCodecContext opened) {
        av_frame_free(frame);
        av_packet_free(packet);
        if (opened != null) {
            avcodec_free_context(opened);
        }
    }
}
