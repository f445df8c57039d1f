package io.glossa.jobs.chaos;

import io.glossa.jobs.heartbeat.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A fault that was done, and when. */
record Strike(Fault fault, long pid, Instant at) {
    /**
     * What came of it.
     *
     * @param noticedSeconds from the fault until the driver knew; -1: it never did, since the run was not training just then, or
     *     had ended
     * @param againSeconds from then to the first new step
     * @param repeatedSteps that were done before it, and again after it
     */
    record Outcome(String fault, String at, double noticedSeconds, double againSeconds, long repeatedSteps) {
        List<String> row() {
            boolean noticed = noticedSeconds >= 0;
            return List.of(
                    fault,
                    at,
                    noticed ? seconds(noticedSeconds) : "not in training",
                    noticed ? seconds(againSeconds) : "-",
                    noticed ? Long.toString(repeatedSteps) : "-");
        }

        private static String seconds(double seconds) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
    }

    /** By the first recovery from a failure that was noticed between it and the next fault. */
    Outcome outcome(Optional<Instant> next, List<Recovery> recoveries) {
        Optional<Recovery> own = recoveries.stream()
                .filter(recovery -> !Instant.parse(recovery.time()).isBefore(at))
                .filter(recovery ->
                        next.isEmpty() || Instant.parse(recovery.time()).isBefore(next.get()))
                .findFirst();
        return new Outcome(
                fault.name().toLowerCase(Locale.ROOT),
                at.toString(),
                own.map(recovery -> Duration.between(at, Instant.parse(recovery.time()))
                                        .toMillis()
                                * 1e-3)
                        .orElse(-1.0),
                own.map(Recovery::againSeconds).orElse(-1.0),
                own.map(Recovery::repeatedSteps).orElse(-1L));
    }
}
