package io.glossa.trainer.fuse;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of groups, and which updates are written over what they replace.
 *
 * @param steps each group after those it needs; those of one step run at once
 * @param inPlace stored nodes that take over the memory of a PARAMETER or STATE input
 * @param copied updates that could not: copied at the end, from node to input
 */
public record Schedule(List<List<Group>> steps, Map<Node, Node> inPlace, Map<Node, Node> copied) {
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
        List<Group> order = Order.of(groups, graph);
        order.forEach(Group::findWhetherBehindCollective);
        return new Schedule(order.stream().map(List::of).toList(), inPlace, copied);
    }

    /** The same groups in other steps. */
    public Schedule in(List<List<Group>> others) {
        return new Schedule(others, inPlace, copied);
    }

    /** When what ranks do together has ended. */
    public Collectives collectives() {
        return Collectives.of(this);
    }

    /** All groups, step by step. */
    public List<Group> order() {
        return steps.stream().flatMap(List::stream).toList();
    }

    /** Whether every read of the input comes before, or at the very element that is written; orders the readers first. */
    private static boolean mayOverwrite(Group writer, Node value, Node input, List<Group> readers) {
        if (writer.isCollective()) {
            return !readers.contains(writer) && mayBeFirst(readers, writer);
        }
        boolean single = writer.kind() == Group.Kind.LOOP
                && writer.members().stream().noneMatch(n -> n.kind() == Op.Kind.REDUCTION);
        boolean atElement = writer.accesses(input).isEmpty() || writer.usedOnlyAt(input, writer.full());
        if (!single || !atElement || !writer.usedOnlyAt(value, writer.full())) {
            return false;
        }
        return mayBeFirst(readers.stream().filter(group -> group != writer).toList(), writer);
    }

    private static boolean mayBeFirst(List<Group> readers, Group writer) {
        if (readers.stream().anyMatch(reader -> reader.reaches(writer))) {
            return false;
        }
        readers.forEach(writer::need);
        return true;
    }
}
