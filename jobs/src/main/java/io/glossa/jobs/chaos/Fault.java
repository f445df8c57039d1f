package io.glossa.jobs.chaos;

import java.time.Duration;
import java.util.Optional;

/** What is done to an executor. */
enum Fault {
    /** It ends at once, as on a machine that lost its power. */
    KILL {
        @Override
        Optional<Runnable> strike(long pid) {
            return Shell.does("kill -KILL " + pid) ? Optional.of(() -> {}) : Optional.empty();
        }
    },
    /** It stands still with all its connections open, as on a machine that hangs; it may go on at the end, so that it can end. */
    FREEZE {
        @Override
        Optional<Runnable> strike(long pid) {
            return Shell.does("kill -STOP " + pid)
                    ? Optional.of(() -> Shell.does("kill -CONT " + pid))
                    : Optional.empty();
        }
    },
    /** Its worker's network is cut, and no end of a connection is told, until it comes back. */
    PARTITION {
        @Override
        Optional<Runnable> strike(long pid) {
            return Link.of(pid).filter(Link::cut).map(link -> link::mend);
        }

        @Override
        Duration length() {
            return Duration.ofSeconds(15);
        }
    };

    /** Does it; what undoes it, where that can be, or empty if there was nothing to do it to. */
    abstract Optional<Runnable> strike(long pid);

    /** How long it lasts, at most. */
    Duration length() {
        return Duration.ofDays(1);
    }
}
