package io.glossa.trainer.runtime;

/**
 * The memory of a device that has its own, and how programs are compiled for it, so that what they take can be computed.
 *
 * @param free bytes that nobody has taken yet, and programs may
 */
public record DeviceMemory(long free, Target target, Compile.Options options) {
    /** So many bytes for a message, rounded up. */
    public static String text(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MB";
    }
}
