package io.glossa.jobs.heartbeat;

import io.glossa.error.GlossaException;
import java.time.Duration;
import java.util.Locale;

/**
 * How long things may take before somebody counts as lost; each longer than the one before it, so that the first that passes names
 * the cause and not what follows from it.
 *
 * @param beat from one heartbeat of a rank to the next
 * @param silence without a heartbeat, or for a rank without an answer to one: a frozen process, or a network that is cut
 * @param start from when a task was sent to an executor to its rank's first heartbeat: it fetches what it runs first
 * @param stall without a step of any rank, where steps are short; or {@value #STEPS} times as long as a step, if that is longer.
 *     Programs that are not in the cache yet are compiled within it
 */
record Deadlines(Duration beat, Duration silence, Duration start, Duration stall) {
    static final Deadlines USUAL =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofMinutes(15));

    private static final int STEPS = 20;

    Deadlines {
        if (beat.multipliedBy(4).compareTo(silence) > 0
                || silence.multipliedBy(2).compareTo(start) > 0
                || start.multipliedBy(2).compareTo(stall) > 0) {
            throw GlossaException.internal("Cannot watch ranks by deadlines of " + beat.toMillis() + ", "
                    + silence.toMillis() + ", " + start.toMillis() + " and " + stall.toMillis()
                    + " ms, expected the second at least four times the first, and each other twice the one before");
        }
    }

    /** How long all may be without a step, when a step takes so long. */
    Duration stall(double stepSeconds) {
        Duration steps = Duration.ofMillis((long) (STEPS * 1000 * stepSeconds));
        return steps.compareTo(stall) > 0 ? steps : stall;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heard every %d s, lost after %d s of silence, stuck after %d steps' time without one, at least %d min",
                beat.toSeconds(),
                silence.toSeconds(),
                STEPS,
                stall.toMinutes());
    }
}
