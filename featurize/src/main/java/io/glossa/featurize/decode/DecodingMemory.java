package io.glossa.featurize.decode;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Refusal;
import java.util.concurrent.Semaphore;

/**
 * Lets so many files be read and decoded at once in this process as its heap has room for, whatever the number of cores: one
 * that needs more than there is waits until it is alone.
 */
public final class DecodingMemory {
    private static final int MEBIBYTE = 1 << 20;

    /** Of the heap; the rest is Spark's. */
    private static final double SHARE = 0.6;

    /** Samples are kept twice while their array grows, and once more, compressed, as utterances. */
    private static final double COPIES = 2.5;

    /** Bytes of samples that a byte of a file becomes at most: speech codecs of 8 kbit/s. */
    private static final int MOST_PER_BYTE = 64;

    private static final int ALL =
            (int) Math.max(1, SHARE * Runtime.getRuntime().maxMemory() / MEBIBYTE);
    private static final Semaphore FREE = new Semaphore(ALL, true);

    private DecodingMemory() {}

    /** What reads or decodes a file. */
    public interface Decoding<T> {
        T make() throws Refusal;
    }

    /**
     * Waits until there is room for a file, and does then what needs it.
     *
     * @param bytes length of the file
     * @param maxSeconds it decodes to no more than this
     * @param decoding from before the file is read until its samples are gone
     */
    public static <T> T during(long bytes, double maxSeconds, Decoding<T> decoding) throws Refusal {
        int needed = Math.min(ALL, mebibytes(bytes, maxSeconds));
        try {
            FREE.acquire(needed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot decode a file: the task was ended while it waited for memory")
                    .causedBy(e);
        }
        try {
            return decoding.make();
        } finally {
            FREE.release(needed);
        }
    }

    /** The most that a file may need, MiB: what there is, or what the longest file takes. */
    public static int most() {
        return Math.min(ALL, mebibytes(Integer.MAX_VALUE, DecodeOptions.MOST_SECONDS));
    }

    /** What a file needs, at least 1. */
    static int mebibytes(long bytes, double maxSeconds) {
        double samples = Math.min(maxSeconds * AudioDecoder.SAMPLE_RATE * Float.BYTES, (double) MOST_PER_BYTE * bytes);
        return (int) Math.min(Integer.MAX_VALUE, 1 + (bytes + COPIES * samples) / MEBIBYTE);
    }
}
