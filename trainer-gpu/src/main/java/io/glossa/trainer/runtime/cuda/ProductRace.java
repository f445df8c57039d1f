package io.glossa.trainer.runtime.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of a product's algorithms is the fastest. Each runs in a few rounds, of so many calls that what lies between two of
 * them does not count. Who comes later in the library's own order wins only if the slowest of its rounds is faster than the
 * usual one of who came before: a lead by chance would change results from one cache folder to the next.
 */
final class ProductRace {
    private static final int ROUNDS = 5;
    private static final int MOST_CALLS = 20;
    private static final int FEWEST_CALLS = 3;

    /** Seconds from which on a round has fewer calls. */
    private static final double LONG_ROUND = 10e-3;

    /** Measures work that is recorded, in pieces. */
    interface Clock {
        Gpu.Measured measured(Runnable piece);
    }

    /** An algorithm and the seconds of one call, round by round, shortest first. */
    record Entry(byte[] algorithm, double[] seconds) {
        double usual() {
            return seconds[seconds.length / 2];
        }

        private double slowest() {
            return seconds[seconds.length - 1];
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.2f us (%.2f to %.2f)", 1e6 * usual(), 1e6 * seconds[0], 1e6 * slowest());
        }
    }

    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();

    ProductRace(Clock clock) {
        this.clock = clock;
    }

    /** @param call puts one call into the stream */
    void run(byte[] algorithm, Runnable call) {
        int calls;
        try (Gpu.Measured one = clock.measured(call)) {
            one.replay(); // loads code
            double longest = LONG_ROUND / Math.max(1e-9, one.replay()[0]);
            calls = (int) Math.max(FEWEST_CALLS, Math.min(MOST_CALLS, longest));
        }
        try (Gpu.Measured round = clock.measured(() -> {
            for (int i = 0; i < calls; i++) {
                call.run();
            }
        })) {
            double[] seconds = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                seconds[i] = round.replay()[0] / calls;
            }
            Arrays.sort(seconds);
            entries.add(new Entry(algorithm, seconds));
        }
    }

    Optional<Entry> winner() {
        return entries.stream().reduce((best, next) -> next.slowest() < best.usual() ? next : best);
    }

    /** A line per entry, in the library's order. */
    String table() {
        Optional<Entry> winner = winner();
        StringBuilder lines = new StringBuilder();
        for (Entry entry : entries) {
            lines.append(winner.filter(best -> best == entry).isPresent() ? "* " : "  ")
                    .append(entry)
                    .append('\n');
        }
        return lines.toString();
    }
}
