package io.glossa.trainer.data;

import io.glossa.storage.OrderHash;

/**
 * A random order of so many things, of which any place is found without the others: a Feistel network of four rounds (Luby and
 * Rackoff 1988) over the next power of four, walked on until it is back inside (Black and Rogaway 2002).
 */
final class Permutation {
    private static final int ROUNDS = 4;

    private final long size;
    private final int half;
    private final long[] keys = new long[ROUNDS];

    /**
     * @param size of what is ordered, from 1
     * @param of what the order is a function of
     */
    Permutation(long size, long... of) {
        this.size = size;
        half = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
        for (int round = 0; round < ROUNDS; round++) {
            keys[round] = Order.hash("round " + round, of);
        }
    }

    /** Which of them is at a place. */
    long at(long place) {
        long at = place;
        do {
            at = scrambled(at);
        } while (at >= size);
        return at;
    }

    private long scrambled(long value) {
        long mask = (1L << half) - 1;
        long left = value >>> half;
        long right = value & mask;
        for (long key : keys) {
            long next = left ^ OrderHash.mix(key + right) & mask;
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
