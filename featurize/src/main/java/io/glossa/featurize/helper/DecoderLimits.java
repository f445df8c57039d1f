package io.glossa.featurize.helper;

import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.DecodingMemory;

/**
 * What a helper may take.
 *
 * @param heapMebibytes of its Java heap, in which a file and its samples are
 * @param leastSeconds of processor time that any file may take
 */
record DecoderLimits(int heapMebibytes, double leastSeconds) {
    /** Address space of a JVM and of FFmpeg's code, 400 MiB measured, and room for FFmpeg's own tables. */
    private static final int BASE_MEBIBYTES = 768;

    /** Twenty times as fast as one speaks is slow for any codec, also if the file is decoded three times. */
    private static final double CPU_PER_AUDIO_SECOND = 0.05;

    /** Of plain samples and of all codecs but those for radio, a byte is no more audio. */
    private static final double AUDIO_SECONDS_PER_BYTE = 1e-3;

    /** A machine gives a process that wants to run at least this share of a core. */
    private static final double LEAST_SHARE = 0.05;

    /** For files as large as this process could take. */
    static DecoderLimits standard() {
        return new DecoderLimits(DecodingMemory.most(), 5);
    }

    /** The largest address space, heap included: the file once more, for FFmpeg, which is at most half of the heap. */
    int addressMebibytes() {
        return BASE_MEBIBYTES + heapMebibytes + heapMebibytes / 2;
    }

    /** Processor time for a file of so many bytes, s. */
    double cpuSeconds(long bytes, DecodeOptions options) {
        return leastSeconds + CPU_PER_AUDIO_SECOND * Math.min(options.maxSeconds(), AUDIO_SECONDS_PER_BYTE * bytes);
    }

    /** Time on the clock after which a helper that has not used its processor time will not, s. */
    static double wallSeconds(double cpuSeconds) {
        return cpuSeconds / LEAST_SHARE;
    }
}
