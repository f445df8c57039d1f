package io.glossa.featurize.helper;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.Decoded;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of a helper that ended while it decoded a file how it did. */
final class DecoderEnd {
    /** What a JVM ends with under {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    /** What a helper ends with that has said why. */
    static final int FAILED = 70;

    /** A process that a signal ended has this and the signal's number as its status. */
    private static final int BY_SIGNAL = 128;

    /** POSIX and Linux, those that end a process by themselves. */
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private static final Pattern CAUGHT = Pattern.compile("# +(SIG[A-Z]+) \\(0x");
    private static final Pattern LIBRARY = Pattern.compile("# C +\\[([^+\\]]+)");
    private static final String NO_NATIVE_MEMORY = "insufficient memory for the Java Runtime";
    private static final int MOST_SAID = 200;

    private DecoderEnd() {}

    /**
     * A reject.
     *
     * @param status the helper's exit status
     * @param said what it wrote to its standard error, such as the JVM's word on a signal
     */
    static Decoded.Reject of(int status, String said, DecoderLimits limits) {
        if (status == OUT_OF_MEMORY || said.contains(NO_NATIVE_MEMORY)) {
            return new Decoded.Reject(
                    RejectCode.DECODER_MEMORY,
                    "its decoder needs more than the " + limits.heapMebibytes() + " MiB of heap or "
                            + limits.addressMebibytes() + " MiB in all that it may have");
        }
        return new Decoded.Reject(RejectCode.DECODER_DIED, "its decoder " + describe(status, said));
    }

    /** How a helper ended, as "was ended by SIGKILL". */
    static String describe(int status, String said) {
        Matcher caught = CAUGHT.matcher(said);
        if (caught.find()) {
            Matcher library = LIBRARY.matcher(said);
            return "was ended by " + caught.group(1) + (library.find() ? " in " + library.group(1) : "");
        }
        if (status > BY_SIGNAL) {
            int number = status - BY_SIGNAL;
            return "was ended by " + SIGNALS.getOrDefault(number, "signal " + number);
        }
        String first = said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("it said nothing");
        return "ended with status " + status + ": " + first.substring(0, Math.min(MOST_SAID, first.length()));
    }
}
