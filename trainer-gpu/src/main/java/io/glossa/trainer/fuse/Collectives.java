package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * When what ranks do together has ended. It is begun in its step and goes on beside the kernels of later ones, one after the
 * other in the order in which they were begun, so that one may read what another makes. A kernel waits for what it reads, and
 * for what still reads the memory that it writes over.
 */
public final class Collectives {
    /**
     * Bytes that may be on their way at once, since they take memory of the arena; parameters aside, of which {@link Prefetch} has few
     * at a time.
     */
    static final long MOST_ON_THE_WAY = 64L << 20;

    private final Schedule schedule;
    private final List<Group> begun = new ArrayList<>();
    private final Map<Node, Integer> made = new HashMap<>();
    private final Map<Node, Integer> used = new HashMap<>();
    private final int[] ended;

    private Collectives(Schedule schedule) {
        this.schedule = schedule;
        ended = new int[schedule.steps().size() + 1];
    }

    /** Of the collectives of a schedule, each of which is a step by itself. */
    static Collectives of(Schedule schedule) {
        Collectives collectives = new Collectives(schedule);
        int steps = schedule.steps().size();
        for (int step = 0; step < steps; step++) {
            List<Group> groups = schedule.steps().get(step);
            int before = step == 0 ? 0 : collectives.ended[step - 1];
            collectives.ended[step] = Math.max(
                    before, groups.stream().mapToInt(collectives::needed).max().orElse(0));
            groups.stream().filter(Group::isCollective).forEach(collectives::begin);
        }
        collectives.ended[steps] = collectives.begun.size();
        return collectives;
    }

    private void begin(Group collective) {
        begun.add(collective);
        made.put(collective.root(), begun.size());
        collective.reads().forEach(node -> used.put(node, begun.size()));
    }

    private int needed(Group group) {
        if (group.isFetch()) {
            return 0;
        }
        if (group.isCollective()) {
            return withRoomFor(group);
        }
        Stream<Integer> read = group.reads().stream().map(node -> made.getOrDefault(node, 0));
        Stream<Integer> writtenOver = group.stored().stream()
                .filter(schedule.inPlace()::containsKey)
                .map(node -> used.getOrDefault(schedule.inPlace().get(node), 0));
        return Stream.concat(read, writtenOver)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    private int withRoomFor(Group next) {
        long bytes = bytes(next);
        int first = begun.size();
        while (first > 0 && bytes + bytes(begun.get(first - 1)) <= MOST_ON_THE_WAY) {
            first--;
            bytes += bytes(begun.get(first));
        }
        return first;
    }

    private static long bytes(Group collective) {
        if (collective.isFetch()) {
            return 0;
        }
        return Stream.concat(collective.reads().stream(), collective.stored().stream())
                .mapToLong(node -> node.type().bytes())
                .sum();
    }

    /** How many have ended before a step; behind the last step, before anything is copied or read: all. */
    public int ended(int step) {
        return ended[step];
    }

    /** The last step in which the memory of a collective is its own. */
    int last(Group collective) {
        int number = made.get(collective.root());
        int end = (int) Arrays.stream(ended).takeWhile(count -> count < number).count();
        return end - 1;
    }
}
