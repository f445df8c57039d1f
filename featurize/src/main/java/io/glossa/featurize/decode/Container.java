package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_get_exact_bits_per_sample;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVFMTCTX_NOHEADER;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_format3;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_size;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVProbeData;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** An opened container and its best audio stream. The content decides what it is; a file's name is never asked. */
final class Container implements AutoCloseable {
    /** Containers that are nothing but references to other files, which must not be followed. */
    private static final Set<String> PLAYLISTS =
            Set.of("hls", "dash", "concat", "sdp", "rtsp", "rtp", "imf", "webm_dash_manifest", "vapoursynth");

    /** Has one stream, which the decoder knows from its header; looking into the packets would only take time. */
    private static final String FLAC = "flac";

    private static final Set<String> KEEPING_TIMES =
            Set.of("matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "ogg", "asf", "flv", "mpegts", "mpeg", "nut");

    /** "fLaC" as a little-endian number. */
    private static final int FLAC_MARK = 0x43614c66;

    private static final int FIRST_PROBE = 4096;
    private static final int LAST_PROBE = 1 << 20;
    /** At or above it a guess from a file's beginning is taken; below it, more of the file is looked at. */
    private static final int SURE = 51;
    /** What the whole probe must reach: FFmpeg gives less to bytes that merely could be anything. */
    private static final int LEAST = 6;

    private static final Set<String> BARE_FRAMES = Set.of("mp3", "aac");

    private final AVFormatContext format;
    private final AVStream stream;
    private final String name;
    private final Declared declared;

    private Container(AVFormatContext format, AVStream stream, Declared declared) {
        this.format = format;
        this.stream = stream;
        this.name = format.iformat().name().getString();
        this.declared = declared;
    }

    static Container open(MemoryInput input, RawFormat raw) throws Refusal {
        AVInputFormat recognised = recognise(input);
        boolean known =
                recognised != null && !PLAYLISTS.contains(recognised.name().getString());
        if (!known && raw == null) {
            throw new Refusal(RejectCode.NOT_AUDIO, "no audio container recognised in " + input.size() + " bytes");
        }
        AVFormatContext format = open(input, known ? recognised : rawFormat(raw), known ? null : raw);
        try {
            return select(format);
        } catch (Refusal refusal) {
            avformat_close_input(format);
            throw refusal;
        }
    }

    private static AVInputFormat recognise(MemoryInput input) {
        if (input.bytes().getInt() == FLAC_MARK) {
            return av_find_input_format(FLAC);
        }
        Pointer memory = av_mallocz(Loader.sizeof(AVProbeData.class));
        try {
            AVProbeData probe = new AVProbeData(memory).buf(input.bytes());
            int[] score = new int[1];
            AVInputFormat best = null;
            for (int size = FIRST_PROBE; score[0] < SURE; size *= 4) {
                probe.buf_size(Math.min(size, input.size()));
                best = av_probe_input_format3(probe, 1, score);
                if (size >= input.size() || size >= LAST_PROBE) {
                    break;
                }
            }
            return score[0] >= LEAST ? best : null;
        } finally {
            av_free(memory);
        }
    }

    private static AVInputFormat rawFormat(RawFormat raw) throws Refusal {
        AVInputFormat format = av_find_input_format(raw.format());
        if (format == null) {
            throw new Refusal(RejectCode.UNSUPPORTED_CODEC, "this FFmpeg build has no raw format " + raw.format());
        }
        return format;
    }

    private static AVFormatContext open(MemoryInput input, AVInputFormat kind, RawFormat raw) throws Refusal {
        AVFormatContext format = avformat_alloc_context();
        format.pb(input.context());
        AVDictionary options = new AVDictionary((Pointer) null);
        av_dict_set(options, "protocol_whitelist", "none", 0);
        if (raw != null) {
            av_dict_set(options, "sample_rate", Integer.toString(raw.sampleRate()), 0);
            av_dict_set(options, "ch_layout", raw.channels() == 1 ? "mono" : raw.channels() + "C", 0);
        }
        int opened = avformat_open_input(format, "", kind, options);
        av_dict_free(options);
        if (opened < 0) {
            throw new Refusal(
                    RejectCode.NOT_AUDIO, "broken " + kind.name().getString() + " file: " + FfmpegLog.explain(opened));
        }
        return format;
    }

    private static Container select(AVFormatContext format) throws Refusal {
        String name = format.iformat().name().getString();
        Declared declared = Declared.of(format);
        if (name.equals(FLAC)) {
            return new Container(format, format.streams(0), declared);
        }
        AVStream stream = bestAudio(format);
        if (stream == null || (format.ctx_flags() & AVFMTCTX_NOHEADER) != 0 || incomplete(stream.codecpar())) {
            int found = avformat_find_stream_info(format, (PointerPointer<?>) null);
            stream = bestAudio(format);
            if (stream == null && found < 0) {
                throw new Refusal(RejectCode.NOT_AUDIO, FfmpegLog.explain(found));
            }
        }
        if (stream == null) {
            throw new Refusal(RejectCode.NO_AUDIO_STREAM, "a " + name + " file without audio");
        }
        checkPcm(stream.codecpar(), name);
        return new Container(format, stream, declared);
    }

    private static AVStream bestAudio(AVFormatContext format) {
        int best = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, (PointerPointer<?>) null, 0);
        return best < 0 ? null : format.streams(best);
    }

    private static boolean incomplete(AVCodecParameters parameters) {
        return parameters.codec_id() == 0
                || parameters.sample_rate() <= 0
                || parameters.ch_layout().nb_channels() <= 0;
    }

    /** FFmpeg rounds odd sample sizes up and would read a contradictory header as noise. */
    private static void checkPcm(AVCodecParameters parameters, String name) throws Refusal {
        int channels = parameters.ch_layout().nb_channels();
        boolean waveform = name.equals("wav") || name.equals("w64");
        if (waveform && avcodec_get_name(parameters.codec_id()).getString().startsWith("pcm_")) {
            int bits = av_get_exact_bits_per_sample(parameters.codec_id());
            if (parameters.block_align() * 8 != channels * bits) {
                throw new Refusal(
                        RejectCode.CORRUPT,
                        "the header gives " + parameters.block_align() + " bytes to a sample of " + channels
                                + " channels of " + parameters.bits_per_coded_sample() + " bits");
            }
        }
    }

    AVCodecParameters parameters() {
        return stream.codecpar();
    }

    AVRational timeBase() {
        return stream.time_base();
    }

    String name() {
        return name;
    }

    String codec() {
        return avcodec_get_name(stream.codecpar().codec_id()).getString();
    }

    /** Whether the bytes begin as a FLAC file does. */
    static boolean isFlac(byte[] bytes) {
        return bytes.length >= Integer.BYTES
                && ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() == FLAC_MARK;
    }

    /**
     * Of a FLAC file, makes {@code packet} all that follows the header, in place of {@link #read}: cutting FLAC into frames takes FFmpeg
     * longer than decoding them. The bytes stay the input's.
     */
    void readAll(AVPacket packet) {
        AVIOContext input = format.pb();
        int position = (int) avio_tell(input);
        int size = (int) avio_size(input) - position;
        packet.data(input.buffer().getPointer(position)).size(size);
    }

    /** Whether the audio is plain samples. */
    boolean pcm() {
        return codec().startsWith("pcm_");
    }

    /** Whether a last packet that is cut short tells of a cut: plain samples, and WAV of undeclared length, always end so. */
    boolean knowsItsEnd() {
        return !pcm() && !name.equals("wav");
    }

    Declared declared() {
        return declared;
    }

    /** Bytes that were not read yet. */
    long left() {
        return avio_size(format.pb()) - avio_tell(format.pb());
    }

    /** Whether times are written beside the audio, so that a gap between two of them is a gap in the recording. */
    boolean keepsTimes() {
        return KEEPING_TIMES.contains(name);
    }

    /** Whether a packet of a container that is nothing but audio frames is a tag between them. */
    boolean isTag(AVPacket packet) {
        return BARE_FRAMES.contains(name) && Tags.isTag(packet);
    }

    /** Bytes of a block that only decodes as a whole; 0 if the codec has none. */
    int blockBytes() {
        return stream.codecpar().block_align();
    }

    /** When a packet of any stream ends, s from the file's beginning; NaN if it does not say. */
    double end(AVPacket packet) {
        return packet.pts() == AV_NOPTS_VALUE
                ? Double.NaN
                : Declared.seconds(packet.pts() + packet.duration(), format.streams(packet.stream_index()));
    }

    /** The next packet of the stream: 0 or an FFmpeg error code. */
    int read(AVPacket packet) {
        return av_read_frame(format, packet);
    }

    boolean owns(AVPacket packet) {
        return packet.stream_index() == stream.index();
    }

    @Override
    public void close() {
        avformat_close_input(format);
    }
}
