package io.glossa.jobs.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a piece of work has come: one bar, painted over and over, on a terminal; elsewhere a line at most every ten
 * seconds. Safe to update from any thread.
 */
public final class Progress implements AutoCloseable {
    private static final long REPAINT_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final int BAR_CELLS = 24;
    private static final int LINE_COLUMNS = 100;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final String task;
    private final long start;
    private long painted;
    private String shown = "";

    Progress(PrintStream out, boolean terminal, LongSupplier nanoTime, String task) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.task = task;
        this.start = nanoTime.getAsLong();
        this.painted = terminal ? start - REPAINT_NANOS : start;
    }

    /** Progress of a task on standard error; {@code -Dglossa.terminal=true} says that a person is watching. */
    public static Progress of(String task) {
        return new Progress(System.err, Boolean.getBoolean("glossa.terminal"), System::nanoTime, task);
    }

    /**
     * Says that {@code done} of {@code total} units are done.
     *
     * @param total 0 if nobody knows
     * @param unit what is counted, in the plural, such as "files"
     * @param detail what else is worth seeing, such as the loss; may be empty
     */
    public synchronized void update(long done, long total, String unit, String detail) {
        long now = nanoTime.getAsLong();
        if (now - painted < (terminal ? REPAINT_NANOS : LINE_NANOS)) {
            return;
        }
        painted = now;
        double share = total <= 0 ? 0 : Math.min(1, done / (double) total);
        String numbers = (total <= 0
                        ? String.format(Locale.ROOT, "%,d %s", done, unit)
                        : String.format(Locale.ROOT, "%3.0f %%  %,d of %,d %s", share * 100, done, total, unit)
                                + left(now, share))
                + spaced(detail);
        if (terminal) {
            String bar = total <= 0 ? "" : bar(share) + " ";
            repaint(String.format(Locale.ROOT, "%-12s %s%s", task, bar, numbers));
        } else {
            out.printf(Locale.ROOT, "%-12s %s%n", task, numbers);
        }
    }

    /** The same, however little time has passed since the last line. */
    public synchronized void updateNow(long done, long total, String unit, String detail) {
        painted = nanoTime.getAsLong() - LINE_NANOS;
        update(done, total, unit, detail);
    }

    /** Clears the bar; what follows prints on a clean line. */
    @Override
    public synchronized void close() {
        if (terminal && !shown.isEmpty()) {
            repaint("");
            out.print('\r');
            out.flush();
        }
    }

    private String left(long now, double share) {
        if (share <= 0 || share >= 1) {
            return "";
        }
        return ", " + clock(Math.round((now - start) * (1 - share) / share)) + " left";
    }

    private void repaint(String text) {
        String fitted = text.length() > LINE_COLUMNS ? text.substring(0, LINE_COLUMNS) : text;
        out.print("\r" + fitted + " ".repeat(Math.max(0, shown.length() - fitted.length())));
        out.flush();
        shown = fitted;
    }

    private static String bar(double share) {
        int full = (int) Math.round(share * BAR_CELLS);
        return "[" + "#".repeat(full) + ".".repeat(BAR_CELLS - full) + "]";
    }

    private static String spaced(String detail) {
        return detail.isEmpty() ? "" : "  " + detail;
    }

    static String clock(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
