package io.glossa.jobs.heartbeat;

import java.io.Serializable;
import java.util.List;

/**
 * What a rank tells the driver, again and again.
 *
 * @param attempt which launch of the ranks it belongs to
 * @param host its machine
 * @param executor Spark's id of its process
 * @param step steps that are done, over all attempts; -1: it is not training yet
 * @param stepSeconds how long the last of them took
 * @param partSeconds how long a part of a batch took it by itself, over a while; 0: not known yet
 * @param checksums of its model, those that it did not tell before
 */
record Beat(
        String attempt,
        int rank,
        String host,
        String executor,
        long step,
        double stepSeconds,
        double partSeconds,
        List<Checksum> checksums)
        implements Serializable {
    /** What comes of a rank's model after a step. */
    record Checksum(long step, int sum) implements Serializable {}

    /** Of a rank that is not training yet. */
    static Beat first(String attempt, int rank, String host, String executor) {
        return new Beat(attempt, rank, host, executor, -1, 0, 0, List.of());
    }

    String place() {
        return "rank " + rank + " on " + host + " (executor " + executor + ")";
    }
}
