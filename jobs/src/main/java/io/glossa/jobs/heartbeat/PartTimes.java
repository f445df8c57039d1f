package io.glossa.jobs.heartbeat;

import java.time.Duration;

/** The mean time of a rank's parts over a while; one step alone says little. */
final class PartTimes {
    private static final int STEPS = 20;
    private static final Duration WHILE = Duration.ofSeconds(10);

    private long began = System.nanoTime();
    private double sum;
    private int steps;
    private volatile double mean;

    /** Takes that of a step. */
    void add(double seconds) {
        sum += seconds;
        steps++;
        if (steps >= STEPS && System.nanoTime() - began >= WHILE.toNanos()) {
            mean = sum / steps;
            sum = 0;
            steps = 0;
            began = System.nanoTime();
        }
    }

    /** Over the last while that is full; 0: none is. */
    double mean() {
        return mean;
    }
}
