package io.glossa.jobs.heartbeat;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** How long ranks take for a part of a batch by themselves, and which of them all others wait for. */
final class Pace {
    /** Times as long as it takes the others. */
    private static final double SLOW = 1.5;

    private final int ranks;
    private final Map<Integer, Double> seconds = new TreeMap<>();
    private final Set<Integer> said = new HashSet<>();

    /** @param ranks that there are */
    Pace(int ranks) {
        this.ranks = ranks;
    }

    /** Takes what a rank told; a line about it if it is slow, once. */
    Optional<String> hear(Beat beat) {
        if (beat.partSeconds() <= 0) {
            return Optional.empty();
        }
        seconds.put(beat.rank(), beat.partSeconds());
        if (seconds.size() < ranks || ranks == 1) {
            return Optional.empty();
        }
        double others = median(seconds.entrySet().stream()
                .filter(entry -> entry.getKey() != beat.rank())
                .mapToDouble(Map.Entry::getValue));
        return beat.partSeconds() > SLOW * others && said.add(beat.rank())
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s is slow, and all others wait for it: a part of a batch takes it %.2f s, the others %.2f s (median)",
                        beat.place(),
                        beat.partSeconds(),
                        others))
                : Optional.empty();
    }

    /** Of all ranks: the median, the most, and whose that is; nothing before all are known. */
    Map<String, Double> metrics() {
        if (seconds.size() < ranks || ranks == 1) {
            return Map.of();
        }
        Map.Entry<Integer, Double> slowest =
                seconds.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        return Map.of(
                "part-seconds",
                median(seconds.values().stream().mapToDouble(Double::doubleValue)),
                "part-seconds.most",
                slowest.getValue(),
                "part-seconds.rank",
                (double) slowest.getKey());
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
