package io.glossa.jobs.selftest;

import io.glossa.jobs.bench.ProfileText;
import io.glossa.jobs.cli.Progress;
import io.glossa.trainer.selftest.Row;
import io.glossa.trainer.selftest.SelfTest;
import io.glossa.trainer.train.StepProfile;
import java.io.PrintStream;
import java.util.Locale;

/** The self-test on a screen: a line for each row as it is found, a bar that says what is tested, and a count at the end. */
final class SelfTestTable implements SelfTest.Listener, AutoCloseable {
    private static final int SLOWEST = 10;

    private final PrintStream out;
    private Progress progress;
    private int passed;
    private int failed;
    private boolean headed;

    SelfTestTable(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begins(String checks) {
        clear();
        progress = Progress.of("testing");
        progress.update(passed + failed, 0, "checks", checks);
    }

    @Override
    public void found(Row row) {
        clear();
        if (!headed) {
            out.printf(Locale.ROOT, "%-36s %-5s %6s  %s%n", "check", "dtype", "checks", "found");
            headed = true;
        }
        passed += row.checks() - row.failed();
        failed += row.failed();
        out.printf(
                Locale.ROOT,
                "%-36s %-5s %6d  %-44s %s%n",
                row.name(),
                row.dtype(),
                row.checks(),
                row.figures(),
                row.passed() ? "pass" : "FAIL");
    }

    @Override
    public void note(String note) {
        clear();
        out.println("note: " + note);
    }

    @Override
    public void measured(StepProfile profile) {
        clear();
        out.print(new ProfileText(profile).table(SLOWEST));
    }

    /** Prints the closing line; the command's exit code. */
    int finish() {
        clear();
        out.printf(Locale.ROOT, "%d passed, %d failed%n", passed, failed);
        return failed == 0 ? 0 : 1;
    }

    private void clear() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
