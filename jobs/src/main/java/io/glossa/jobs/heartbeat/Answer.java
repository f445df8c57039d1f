package io.glossa.jobs.heartbeat;

import java.io.Serializable;
import java.util.Map;

/**
 * What the driver says to a heartbeat.
 *
 * @param end why the rank must end, though nothing is wrong with it; empty: it goes on
 * @param pace how fast the ranks are, as metrics
 */
record Answer(String end, Map<String, Double> pace) implements Serializable {
    static Answer end(String why) {
        return new Answer(why, Map.of());
    }
}
