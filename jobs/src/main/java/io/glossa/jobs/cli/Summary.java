package io.glossa.jobs.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a job did, on one screen.
 *
 * @param job the job's name
 * @param seconds wall-clock time
 * @param audioSeconds audio that went through it; 0 where the job has none
 * @param in what entered, as words such as "2,657 files"
 * @param out what left
 * @param rejected rejects by code
 * @param warnings warnings by kind
 * @param notes further lines: a label and its text
 */
public record Summary(
        String job,
        double seconds,
        double audioSeconds,
        String in,
        String out,
        Map<String, Long> rejected,
        Map<String, Long> warnings,
        Map<String, String> notes) {
    /** Columns before the text of a line. */
    static final int INDENT = 13;

    private static final double SECONDS_PER_HOUR = 3600;

    public Summary {
        rejected = Map.copyOf(rejected);
        warnings = Map.copyOf(warnings);
        notes = new LinkedHashMap<>(notes);
    }

    /** Hours of audio per hour of wall clock; 0 where the job has none. */
    public double audioHoursPerHour() {
        return seconds > 0 ? audioSeconds / seconds : 0;
    }

    public double audioHours() {
        return audioSeconds / SECONDS_PER_HOUR;
    }

    /** Wall-clock time since a reading of {@link System#nanoTime}, s. */
    public static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) * 1e-9;
    }

    public void print(PrintStream to) {
        lines().forEach(to::println);
        to.flush();
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(job + " took " + time(seconds));
        lines.add(line("in", in));
        lines.add(line("out", out));
        lines.add(line("rejected", counts(rejected)));
        if (!warnings.isEmpty()) {
            lines.add(line("warnings", counts(warnings)));
        }
        if (audioSeconds > 0) {
            lines.add(line(
                    "audio",
                    String.format(
                            Locale.ROOT, "%.2f h, %,.0f audio hours per hour", audioHours(), audioHoursPerHour())));
        }
        notes.forEach((label, text) -> lines.add(line(label, text)));
        return lines;
    }

    static String time(double seconds) {
        return seconds < 100
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : Progress.clock(Math.round(seconds * 1e9)) + (seconds < SECONDS_PER_HOUR ? " min" : " h");
    }

    /** "5: too-short 3, no-audio 2", the most frequent first. */
    public static String counts(Map<String, Long> byCode) {
        long all = byCode.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return "0";
        }
        return byCode.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ", String.format(Locale.ROOT, "%,d: ", all), ""));
    }

    private static String line(String label, String text) {
        return String.format(Locale.ROOT, "  %-10s %s", label, text);
    }
}
