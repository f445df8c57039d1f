package io.glossa.trainer.runtime;

import java.util.stream.IntStream;

/**
 * Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a random number as a function
 * of key and counter alone, so that it is the same on every device and in any order.
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    /** Numbers that one thread draws at a time, a multiple of four. */
    private static final int CHUNK = 1 << 14;

    private Philox() {}

    /** Uniform in [0, 1) with 24 bits: key (seed, purpose), counter (index / 4, stream), word index mod 4. */
    public static float uniform(int seed, int stream, int purpose, long index) {
        return (word(seed, stream, purpose, index) >>> 8) * 0x1p-24f;
    }

    /** The first uniforms of a purpose, all at once: element i is that of index i. */
    public static float[] uniforms(int seed, int stream, int purpose, int count) {
        float[] out = new float[count];
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            int[] words = new int[4];
            int end = Math.min(count, (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
                if ((i & 3) == 0) {
                    block(seed, stream, purpose, i >>> 2, words);
                }
                out[i] = (words[i & 3] >>> 8) * 0x1p-24f;
            }
        });
        return out;
    }

    static int word(int seed, int stream, int purpose, long index) {
        int[] words = new int[4];
        block(seed, stream, purpose, index >>> 2, words);
        return words[(int) (index & 3)];
    }

    private static void block(int seed, int stream, int purpose, long block, int[] words) {
        int c0 = (int) block;
        int c1 = (int) (block >>> 32);
        int c2 = stream;
        int c3 = 0;
        int k0 = seed;
        int k1 = purpose;
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = n0;
            c2 = n2;
            k0 += W0;
            k1 += W1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }
}
