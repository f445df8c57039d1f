package io.glossa.jobs.report;

import io.glossa.jobs.report.Report.Range;
import java.util.Locale;

/** Numbers as a reader wants them. */
final class Words {
    private Words() {}

    /** "43.4 %", with a no-break space. */
    static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f\u00a0%%", share * 100) : "–";
    }

    /** "41.9–44.8 %". */
    static String percent(Range range) {
        return Double.isFinite(range.low()) && Double.isFinite(range.high())
                ? String.format(Locale.ROOT, "%.1f–%.1f\u00a0%%", range.low() * 100, range.high() * 100)
                : "–";
    }

    /** "2 h 05 min", "12 min 30 s", "4.2 s". */
    static String time(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f\u00a0s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d\u00a0min %02d\u00a0s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d\u00a0h %02d\u00a0min", whole / 3600, whole % 3600 / 60);
    }

    /** Audio of this many hours, in minutes below two hours. */
    static String audio(double hours) {
        return hours < 2
                ? String.format(Locale.ROOT, "%.1f\u00a0min", hours * 60)
                : String.format(Locale.ROOT, "%,.1f\u00a0h", hours);
    }

    /** A difference of rates in percentage points, with its sign. */
    static String signed(double difference) {
        return String.format(Locale.ROOT, "%+.1f", difference * 100).replace('-', '\u2212');
    }

    /** At most one decimal. */
    static String decimal(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** "1 language", "5 languages". */
    static String count(long n, String one) {
        return count(n) + " " + (n == 1 ? one : one + "s");
    }
}
