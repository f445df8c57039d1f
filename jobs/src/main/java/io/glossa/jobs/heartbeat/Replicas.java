package io.glossa.jobs.heartbeat;

import io.glossa.jobs.heartbeat.Beat.Checksum;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether all ranks have the same model, by the checksums that each tells, all at the same steps. */
final class Replicas {
    /** Ranks in an error. */
    private static final int NAMED = 8;

    private final int ranks;
    private final Map<Integer, Deque<Checksum>> told = new TreeMap<>();
    private final Map<Integer, String> places = new TreeMap<>();
    private final Map<Integer, Long> last = new HashMap<>();
    private long same = -1;

    /** @param ranks that there are */
    Replicas(int ranks) {
        this.ranks = ranks;
    }

    /** Takes what a rank told; where ranks differ, which, and what was expected of them. */
    Optional<String> hear(Beat beat) {
        places.put(beat.rank(), beat.place());
        Deque<Checksum> own = told.computeIfAbsent(beat.rank(), rank -> new ArrayDeque<>());
        for (Checksum checksum : beat.checksums()) {
            // A beat whose answer was lost comes again.
            if (last.getOrDefault(beat.rank(), -1L) < checksum.step()) {
                last.put(beat.rank(), checksum.step());
                own.add(checksum);
            }
        }
        while (told.size() == ranks && told.values().stream().noneMatch(Deque::isEmpty)) {
            Map<Integer, Checksum> next = new TreeMap<>();
            told.forEach((rank, checksums) -> next.put(rank, checksums.remove()));
            if (next.values().stream().distinct().count() > 1) {
                return Optional.of(difference(next));
            }
            same = next.get(0).step();
        }
        return Optional.empty();
    }

    private String difference(Map<Integer, Checksum> found) {
        Map<Checksum, List<Integer>> groups = found.keySet().stream().collect(Collectors.groupingBy(found::get));
        Checksum usual = groups.entrySet().stream()
                .max(Comparator.comparingInt(group -> group.getValue().size()))
                .orElseThrow()
                .getKey();
        boolean most = 2 * groups.get(usual).size() > ranks;
        List<Integer> named = found.keySet().stream()
                .filter(rank -> !most || !found.get(rank).equals(usual))
                .toList();
        String others = most ? "; the other " + groups.get(usual).size() + " have " + text(usual) : "";
        return "the ranks' models differ: " + names(named, found) + others + ", expected the same on all; "
                + (same < 0
                        ? "they did from where training went on (one read another checkpoint, or read it wrongly)"
                        : "they were the same after step " + same
                                + " (a fault of a machine that nothing else told: leave "
                                + (most ? "that one" : "one of them")
                                + " out, and take away the checkpoints of later steps)");
    }

    private String names(List<Integer> named, Map<Integer, Checksum> found) {
        String names = named.stream()
                .limit(NAMED)
                .map(rank -> places.get(rank) + " has " + text(found.get(rank)))
                .collect(Collectors.joining(", "));
        return named.size() <= NAMED ? names : names + " and " + (named.size() - NAMED) + " more";
    }

    private static String text(Checksum checksum) {
        return String.format(Locale.ROOT, "checksum %08x after step %d", checksum.sum(), checksum.step());
    }
}
