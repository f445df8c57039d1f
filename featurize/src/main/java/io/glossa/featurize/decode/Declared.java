package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;

import java.util.Set;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * How long a header says that the audio is; not what FFmpeg would estimate from a bit rate or read from the last page of an Ogg
 * file.
 *
 * @param seconds NaN if it does not say
 * @param ofAll counted from the file's beginning to the end of the longest of its streams, not the audio alone
 * @param ofSeveral and there are other streams than the audio
 */
record Declared(double seconds, boolean ofAll, boolean ofSeveral) {
    /** Give each stream a length from the file's beginning, or that of the whole. */
    private static final Set<String> COUNTING_FROM_BEGINNING = Set.of("avi", "asf");

    /** What a writer of AVI puts in place of a number of frames where it cannot go back to the header. */
    private static final long UNKNOWN_FRAMES = 1 << 30;

    static Declared of(AVFormatContext format) {
        String name = format.iformat().name().getString();
        if (name.equals("ogg")) {
            return new Declared(Double.NaN, true, false);
        }
        boolean several = format.nb_streams() > 1;
        for (int i = 0; i < format.nb_streams(); i++) {
            AVStream stream = format.streams(i);
            if (stream.codecpar().codec_type() == AVMEDIA_TYPE_AUDIO && stream.duration() != AV_NOPTS_VALUE) {
                if (stream.nb_frames() >= UNKNOWN_FRAMES) {
                    return new Declared(Double.NaN, true, several);
                }
                boolean ofAll = COUNTING_FROM_BEGINNING.contains(name);
                return new Declared(seconds(stream.duration(), stream), ofAll, ofAll && several);
            }
        }
        double whole = format.duration() != AV_NOPTS_VALUE ? (double) format.duration() / AV_TIME_BASE : Double.NaN;
        return new Declared(whole, true, several);
    }

    /** A time of a stream; NaN if its clock is broken. */
    static double seconds(long time, AVStream stream) {
        AVRational timeBase = stream.time_base();
        return timeBase.den() > 0 ? (double) time * timeBase.num() / timeBase.den() : Double.NaN;
    }
}
