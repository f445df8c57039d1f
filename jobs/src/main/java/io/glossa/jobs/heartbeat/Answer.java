package io.glossa.jobs.heartbeat;

import java.util.HashMap;
import java.util.Map;

/**
 * What the driver says to a heartbeat.
 *
 * @param end why the rank must end, though nothing is wrong with it; empty: it goes on
 * @param pace how fast the ranks are, as metrics
 */
record Answer(String end, Map<String, Double> pace) {
    /** As an executor can read it: Spark reads what the driver says without the classes that came with the job. */
    Object[] plain() {
        return new Object[] {end, pace};
    }

    static Answer of(Object[] plain) {
        Map<String, Double> pace = new HashMap<>();
        ((Map<?, ?>) plain[1]).forEach((name, seconds) -> pace.put((String) name, (Double) seconds));
        return new Answer((String) plain[0], pace);
    }

    static Answer end(String why) {
        return new Answer(why, Map.of());
    }
}
