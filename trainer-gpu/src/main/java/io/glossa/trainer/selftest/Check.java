package io.glossa.trainer.selftest;

/**
 * One comparison.
 *
 * @param difference the largest found, relative to the largest wanted value, or to 1
 * @param tolerance the largest that passes
 */
record Check(String name, double difference, double tolerance) {
    boolean passed() {
        return difference <= tolerance;
    }

    /** How much of the tolerance is used. */
    double share() {
        return tolerance == 0 ? (difference == 0 ? 0 : Double.POSITIVE_INFINITY) : difference / tolerance;
    }
}
