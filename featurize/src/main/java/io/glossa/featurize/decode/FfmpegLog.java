package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/** FFmpeg's error messages of the current thread, instead of lines on standard error. The one piece of process-wide state. */
final class FfmpegLog {
    private static final int KEPT = 300;
    private static final ThreadLocal<StringBuilder> MESSAGES = ThreadLocal.withInitial(StringBuilder::new);
    private static final LogCallback CALLBACK = new LogCallback() {
        @Override
        public void call(int level, BytePointer message) {
            StringBuilder kept = MESSAGES.get();
            if (level <= AV_LOG_ERROR && kept.length() < KEPT) {
                kept.append(message.getString(StandardCharsets.UTF_8));
            }
        }
    };

    static {
        av_log_set_level(AV_LOG_ERROR);
        setLogCallback(CALLBACK);
    }

    private FfmpegLog() {}

    /** Forgets what this thread's calls have said so far. */
    static void clear() {
        MESSAGES.get().setLength(0);
    }

    /** The first message since {@link #clear()} without the address and time stamp in it, or what the return code means. */
    static String explain(int returnCode) {
        String first = MESSAGES.get()
                .toString()
                .lines()
                .map(line -> line.replaceFirst("^(\\[[^]]*] ?)+", "")
                        .replaceFirst(" at PTS -?[0-9]+", "")
                        .strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
        return first.isEmpty() ? meaning(returnCode) : first.length() <= KEPT ? first : first.substring(0, KEPT);
    }

    private static String meaning(int returnCode) {
        byte[] text = new byte[128];
        av_strerror(returnCode, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }
}
