package io.glossa.trainer.selftest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A line of the self-test's table: checks of one kind.
 *
 * @param failed of the checks
 * @param figures what was found: the worst difference and where, or what else tells of the check
 */
public record Row(String name, String dtype, int checks, int failed, String figures) {
    /** Of comparisons; the one that is nearest to its tolerance, or farthest beyond it, is named. */
    static Row of(String name, String dtype, List<Check> checks) {
        Check worst =
                checks.stream().max(Comparator.comparingDouble(Check::share)).orElseThrow();
        int failed = (int) checks.stream().filter(check -> !check.passed()).count();
        String where = checks.size() == 1 ? "" : " (" + worst.name() + ")";
        String figures =
                String.format(Locale.ROOT, "worst %.1e of %.0e%s", worst.difference(), worst.tolerance(), where);
        return new Row(name, dtype, checks.size(), failed, figures);
    }

    /** Of one check that could not be made. */
    static Row failed(String name, String dtype, String why) {
        return new Row(name, dtype, 1, 1, why);
    }

    public boolean passed() {
        return failed == 0;
    }
}
