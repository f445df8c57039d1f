package io.glossa.storage;

/**
 * The place of an utterance in the order in which trainings read: a hash of its id, so that it is the same in any lake, whatever
 * file the utterance lies in. It is part of what is stored, and must not change from version to version.
 */
public final class OrderHash {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private OrderHash() {}

    /** From 0 to 2^63 - 1, evenly. */
    public static long of(String utterance) {
        long state = 0;
        for (int i = 0; i < utterance.length(); i++) {
            state = mix(state + GOLDEN + utterance.charAt(i));
        }
        return state >>> 1;
    }

    /** The block that a hash lies in. Blocks are ranges of the hash of equal width; their number is a power of two. */
    public static int block(long hash, int blocks) {
        return (int) (hash >>> shift(blocks));
    }

    /** The first hash of a block. */
    public static long first(int block, int blocks) {
        return (long) block << shift(blocks);
    }

    /** The last hash of a block. */
    public static long last(int block, int blocks) {
        return first(block, blocks) + (1L << shift(blocks)) - 1;
    }

    private static int shift(int blocks) {
        return Long.SIZE - 1 - Integer.numberOfTrailingZeros(blocks);
    }

    /** What SplitMix64 (Steele et al. 2014) makes of its state: bits that are as good as random. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
