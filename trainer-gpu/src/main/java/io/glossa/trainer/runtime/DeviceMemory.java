package io.glossa.trainer.runtime;

/**
 * The memory of a device that has its own, and how programs are compiled for it, so that what they take can be computed.
 *
 * @param free bytes that nobody has taken yet, and programs may
 */
public record DeviceMemory(long free, Target target, Compile.Options options) {
    /** Of the free memory, kept for the kernels' code and for what the driver and libraries take of their own: a share, or bytes. */
    private static final double SPARE = 0.02;

    private static final long LEAST_SPARE = 3L << 30;

    /** What programs leave of so many free bytes of a GPU. */
    public static long spare(long free) {
        return Math.max(LEAST_SPARE, (long) (SPARE * free));
    }

    /** So many bytes for a message, rounded up. */
    public static String text(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MB";
    }
}
