package io.glossa.jobs.train;

import io.glossa.config.Sha256;

/** How often a pass holds something that is wanted a number of times that need not be whole. */
final class Copies {
    private static final int HASH_DIGITS = 13;

    private Copies() {}

    /** The number where it is whole, else one more for a fixed share of all ids, which their hash chooses. */
    static int of(double times, String id) {
        int whole = (int) times;
        long hash = Long.parseLong(Sha256.of(id).substring(0, HASH_DIGITS), 16);
        return whole + (hash * Math.pow(2, -4 * HASH_DIGITS) < times - whole ? 1 : 0);
    }
}
