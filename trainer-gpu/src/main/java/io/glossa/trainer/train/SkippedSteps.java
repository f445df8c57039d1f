package io.glossa.trainer.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The steps of a training that were left out, and what is in those that are under way, should they be. */
final class SkippedSteps {
    /** Their numbers, from 1, in a checkpoint's lineage. */
    private static final String KEY = "glossa.skipped-steps";

    private final Set<Long> steps = new TreeSet<>();
    private final Map<Long, Set<String>> utterances = new ConcurrentHashMap<>();
    private final long most;

    /**
     * @param lineage of the checkpoint that a training goes on from
     * @param most that there may be
     */
    SkippedSteps(Map<String, String> lineage, long most) {
        this.most = most;
        steps.addAll(in(lineage));
    }

    /** Those that a checkpoint's lineage notes. */
    static Set<Long> in(Map<String, String> lineage) {
        return Arrays.stream(lineage.getOrDefault(KEY, "").split(","))
                .filter(step -> !step.isEmpty())
                .map(Long::valueOf)
                .collect(Collectors.toSet());
    }

    /** Notes what a step has. From any thread. */
    void read(long step, Collection<String> ids) {
        utterances.computeIfAbsent(step, s -> ConcurrentHashMap.newKeySet()).addAll(ids);
    }

    /** What a step has, which the trainer is done with. */
    Set<String> take(long step) {
        Set<String> ids = utterances.getOrDefault(step, Set.of());
        utterances.keySet().removeIf(earlier -> earlier <= step);
        return new TreeSet<>(ids);
    }

    /** Whether one more may be left out. */
    boolean hasRoom() {
        return steps.size() < most;
    }

    void add(long step) {
        steps.add(step);
    }

    int count() {
        return steps.size();
    }

    /** What a checkpoint notes; nothing where there are none. */
    Map<String, String> lineage() {
        return steps.isEmpty()
                ? Map.of()
                : Map.of(KEY, steps.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
}
