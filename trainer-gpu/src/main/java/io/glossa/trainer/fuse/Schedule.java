package io.glossa.trainer.fuse;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order of groups, and which updates are written over what they replace.
 *
 * @param order each group after those it needs; among the ready ones the one that adds least to live memory, but none
 *     before its result can be put to use
 * @param inPlace stored nodes that take over the memory of a PARAMETER or STATE input
 * @param copied updates that could not: copied at the end, from node to input
 */
public record Schedule(List<Group> order, Map<Node, Node> inPlace, Map<Node, Node> copied) {
    public static Schedule of(Graph graph, List<Group> groups) {
        Map<Node, Group> home = new HashMap<>();
        groups.forEach(group -> group.stored().forEach(node -> home.put(node, group)));
        Map<Node, List<Group>> readers = new HashMap<>();
        groups.forEach(group -> group.reads()
                .forEach(node ->
                        readers.computeIfAbsent(node, n -> new ArrayList<>()).add(group)));
        Map<String, Node> inputs = new HashMap<>();
        graph.inputs().forEach(node -> inputs.put(node.attr(Attr.Input.class).name(), node));
        Map<Node, Node> inPlace = new LinkedHashMap<>();
        Map<Node, Node> copied = new LinkedHashMap<>();
        graph.updates().forEach((name, node) -> {
            Node input = inputs.get(name);
            Node value = Fuse.base(node);
            if (input == null) {
                throw GlossaException.internal("Cannot update '" + name + "': the program never reads it");
            }
            if (value == input) {
                return;
            }
            Group writer = home.get(value);
            if (writer != null
                    && !inPlace.containsKey(value)
                    && mayOverwrite(writer, value, input, readers.getOrDefault(input, List.of()))) {
                inPlace.put(value, input);
            } else {
                copied.put(input, value);
            }
        });
        return new Schedule(order(groups, graph), inPlace, copied);
    }

    /** Whether every read of the input comes before, or at the very element that is written; orders the readers first. */
    private static boolean mayOverwrite(Group writer, Node value, Node input, List<Group> readers) {
        boolean single = writer.kind() == Group.Kind.LOOP
                && writer.members().stream().noneMatch(n -> n.kind() == Op.Kind.REDUCTION);
        boolean atElement = writer.accesses(input).isEmpty() || writer.usedOnlyAt(input, writer.full());
        if (!single || !atElement || !writer.usedOnlyAt(value, writer.full())) {
            return false;
        }
        List<Group> others = readers.stream().filter(group -> group != writer).toList();
        if (others.stream().anyMatch(reader -> reader.reaches(writer))) {
            return false;
        }
        others.forEach(writer::need);
        return true;
    }

    private static List<Group> order(List<Group> groups, Graph graph) {
        Map<Group, Integer> waiting = new HashMap<>();
        Map<Group, List<Group>> users = new HashMap<>();
        Map<Node, Integer> readers = new HashMap<>();
        graph.roots().forEach(root -> readers.merge(Fuse.base(root), 1, Integer::sum));
        Set<Group> ready = new HashSet<>();
        for (Group group : groups) {
            waiting.put(group, group.needs().size());
            group.needs()
                    .forEach(need ->
                            users.computeIfAbsent(need, n -> new ArrayList<>()).add(group));
            group.reads().forEach(node -> readers.merge(node, 1, Integer::sum));
            if (group.needs().isEmpty()) {
                ready.add(group);
            }
        }
        List<Group> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            Group next = null;
            long least = Long.MAX_VALUE;
            for (Group group : useful(ready, waiting, users, readers)) {
                long added = added(group, readers);
                if (next == null
                        || added < least
                        || added == least && group.root().id() < next.root().id()) {
                    next = group;
                    least = added;
                }
            }
            ready.remove(next);
            order.add(next);
            next.reads().forEach(node -> readers.merge(node, -1, Integer::sum));
            for (Group user : users.getOrDefault(next, List.of())) {
                if (waiting.merge(user, -1, Integer::sum) == 0) {
                    ready.add(user);
                }
            }
        }
        if (order.size() != groups.size()) {
            throw GlossaException.internal("Cannot order kernels: " + order.size() + " of " + groups.size()
                    + " placed, expected all (the groups need each other in a circle)");
        }
        return order;
    }

    /** The ready groups that free memory, or whose result can be put to use at once; all where there is none. */
    private static Collection<Group> useful(
            Set<Group> ready, Map<Group, Integer> waiting, Map<Group, List<Group>> users, Map<Node, Integer> readers) {
        List<Group> useful = ready.stream()
                .filter(group -> {
                    List<Group> all = users.getOrDefault(group, List.of());
                    return all.isEmpty()
                            || added(group, readers) <= 0
                            || all.stream()
                                    .anyMatch(user -> waiting.get(user) == 1
                                            || user.needs().stream()
                                                            .filter(ready::contains)
                                                            .count()
                                                    == waiting.get(user));
                })
                .toList();
        return useful.isEmpty() ? ready : useful;
    }

    private static long added(Group group, Map<Node, Integer> readers) {
        long bytes = 0;
        for (Node node : group.stored()) {
            bytes += node.type().bytes();
        }
        for (Node node : group.reads()) {
            if (readers.get(node) == 1 && !Fuse.isBuffer(node)) {
                bytes -= node.type().bytes();
            }
        }
        return bytes;
    }
}
