package io.glossa.jobs.heartbeat;

import java.io.Serializable;

/**
 * What a rank tells the driver, again and again.
 *
 * @param attempt which launch of the ranks it belongs to
 * @param host its machine
 * @param executor Spark's id of its process
 * @param step steps that are done, over all attempts; -1: it is not training yet
 * @param stepSeconds how long the last of them took
 */
record Beat(String attempt, int rank, String host, String executor, long step, double stepSeconds)
        implements Serializable {
    String place() {
        return "rank " + rank + " on " + host + " (executor " + executor + ")";
    }
}
