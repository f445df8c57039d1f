package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides where each node is computed, users before inputs: inside the one kernel that needs it, in several if that is
 * cheap, or once, kept in memory, in a kernel that can compute it on the way.
 */
public final class Fuse {
    /** How many cheap nodes in a row may be computed again in each kernel that needs them. */
    private static final int REPEATED_DEPTH = 3;

    /** How far up a reduction looks for a value that another group reads too. */
    private static final int SEARCHED_DEPTH = 6;

    /** Additions from which on a value that is read in every row is computed before. */
    private static final int DEAR_CHAIN = 4;

    private final boolean fusing;
    private final Hardware hardware;
    private final Needs all = new Needs();
    private final List<Group> groups = new ArrayList<>();
    private final Map<Node, Set<Group>> needs = new HashMap<>();
    private final Set<Node> kept = new HashSet<>();
    private final Map<Node, Integer> repeated = new HashMap<>();
    private final Map<Node, Integer> chains = new HashMap<>();
    private final Set<Node> backward = new HashSet<>();
    private final Worth worth;

    private Fuse(boolean fusing, Hardware hardware) {
        this.fusing = fusing;
        this.hardware = hardware;
        this.worth = new Worth(hardware);
    }

    /** The groups of a lowered graph, in no order yet. */
    public static List<Group> apply(Graph graph, Hardware hardware) {
        return new Fuse(true, hardware).run(graph);
    }

    /** Every node in a kernel of its own: what fusion is tested against. */
    public static List<Group> unfused(Graph graph) {
        return new Fuse(false, Hardware.PROCESSOR).run(graph);
    }

    private List<Group> run(Graph graph) {
        graph.roots().forEach(root -> kept.add(base(root)));
        List<Node> order = graph.nodes();
        for (Node node : order) {
            if (node.op() == Op.SAVED || node.inputs().stream().anyMatch(backward::contains)) {
                backward.add(node);
            }
        }
        Collections.reverse(order);
        for (Node node : order) {
            if (node.op() == Op.SAVED) {
                kept.add(base(node));
            }
            Set<Group> users = needs.getOrDefault(node, Set.of());
            if (isBuffer(node) || users.isEmpty() && !kept.contains(node)) {
                continue;
            }
            if (node.kind() == Op.Kind.KERNEL) {
                kernel(node);
            } else if (node.kind() == Op.Kind.REDUCTION || kept.contains(node) || !inline(node, users)) {
                keep(node, users);
            }
        }
        Repetitions repetitions = new Repetitions(graph);
        if (fusing) {
            Siblings.join(groups, backward, graph.updates().values(), repetitions, hardware);
            ColumnSums.join(groups, hardware);
        }
        Set<Node> roots = graph.roots().stream().map(Fuse::base).collect(Collectors.toSet());
        Set<Node> read = new HashSet<>(roots);
        groups.forEach(group -> read.addAll(group.reads()));
        for (Group group : groups) {
            group.storeOnly(read);
            group.unite(repetitions::original);
            if ((repetitions.areAll(group.stored())
                            || group.isFetch()
                            || group.reads().stream().allMatch(Fuse::isFixed))
                    && Collections.disjoint(group.stored(), roots)) {
                group.defer();
            }
        }
        return groups;
    }

    /** The node whose memory this one's value lies in: reshapes cost nothing, nor does keeping. */
    public static Node base(Node node) {
        Node base = node;
        while (base.op() == Op.RESHAPE || base.op() == Op.SAVED) {
            base = base.input(0);
        }
        return base;
    }

    /** Whether the value costs nothing where it is read: the same elements, elsewhere or wider. */
    public static boolean isFree(Node node) {
        return node.kind() == Op.Kind.MOVEMENT || node.kind() == Op.Kind.LEAF || isWidening(node);
    }

    /** Whether the value is in memory without any kernel. */
    public static boolean isBuffer(Node node) {
        return node.op() == Op.INPUT || node.op() == Op.DATA;
    }

    /** Whether the value is there before the batch is. */
    private static boolean isFixed(Node node) {
        return node.op() == Op.DATA
                || Gathered.is(node)
                || node.op() == Op.INPUT && node.attr(Attr.Input.class).role() != Attr.Role.BATCH;
    }

    private void kernel(Node node) {
        List<View> views = View.inputs(node, hardware.rowsApart());
        Group group = Group.kernel(all, node, views);
        groups.add(group);
        group.member(node);
        settle(node, group);
        for (View view : views) {
            Node source = view.source();
            kept.add(source);
            group.access(source, Access.of(Index.of(0)));
            needs.computeIfAbsent(source, n -> new LinkedHashSet<>()).add(group);
        }
    }

    private boolean inline(Node node, Set<Group> users) {
        int uses = users.stream().mapToInt(g -> g.accesses(node).size()).max().orElse(0);
        boolean free = isFree(node);
        boolean full = users.stream().anyMatch(this::isFull);
        if (!free
                && (!fusing
                        || full
                        || chain(node) >= DEAR_CHAIN && users.stream().anyMatch(g -> g.repeats(node)))) {
            return false;
        }
        if (!free && (uses > 2 || users.size() > 1) && !worth.repeating(node)) {
            boolean elsewhere = users.size() > 1 && hardware.operationsPerByte() > 0;
            if (uses > 2
                    || elsewhere
                    || Worth.weight(node.op()) > 1
                    || repeated.getOrDefault(node, 0) >= REPEATED_DEPTH) {
                return false;
            }
            for (Node input : node.inputs()) {
                repeated.merge(input, repeated.getOrDefault(node, 0) + 1, Math::max);
            }
        }
        users.forEach(group -> place(node, group));
        return true;
    }

    private boolean isFull(Group group) {
        return group.openValues() >= hardware.mostValues();
    }

    /** Additions that an element costs where nothing on the way to it is in memory. */
    private int chain(Node node) {
        Integer known = chains.get(node);
        if (known == null) {
            boolean computed = node.kind() == Op.Kind.POINTWISE && !isWidening(node);
            known = computed ? Worth.weight(node.op()) : 0;
            if (computed || node.kind() == Op.Kind.MOVEMENT && node.op() != Op.SAVED) {
                for (Node input : node.inputs()) {
                    known = Math.min(DEAR_CHAIN, known + chain(input));
                }
            }
            chains.put(node, known);
        }
        return known;
    }

    /** A BF16 value read as F32: done by the load. */
    private static boolean isWidening(Node node) {
        return node.op() == Op.CAST && node.input(0).type().dtype() == DType.BF16;
    }

    /** Computes the node once, in a group that uses it if one can, and keeps it in memory for the others. */
    private void keep(Node node, Set<Group> users) {
        boolean single = users.size() == 1 && !kept.contains(node);
        boolean early = users.stream().anyMatch(this::isForward);
        for (Group group : users) {
            if (early && !isForward(group)) {
                continue; // what else is computed there would have to be kept until the backward part
            }
            boolean free = users.stream().noneMatch(other -> other != group && group.reaches(other));
            boolean room = node.kind() == Op.Kind.REDUCTION || !isFull(group);
            if (fusing && group.fits(node) && free && room) {
                settle(node, group);
                if (single) {
                    group.stored().remove(node);
                }
                place(node, group);
                return;
            }
        }
        Group own = sibling(node, users).orElseGet(() -> {
            Group made = node.kind() == Op.Kind.REDUCTION ? Group.reduction(all, node) : Group.pointwise(all, node);
            groups.add(made);
            return made;
        });
        if (node.kind() != Op.Kind.REDUCTION) {
            own.starts(node).forEach(start -> own.access(node, Access.of(start.plus(own.column()))));
        } else {
            own.access(node, own.kind() == Group.Kind.COLUMN ? own.full() : own.perRow());
        }
        settle(node, own);
        place(node, own);
    }

    private boolean isForward(Group group) {
        return !backward.contains(group.root());
    }

    /** For a reduction of rows a group that passes over the same values anyway, and that none of its users feeds. */
    private Optional<Group> sibling(Node node, Set<Group> users) {
        if (!fusing || node.kind() != Op.Kind.REDUCTION || node.input(0).shape().rank() != 2) {
            return Optional.empty();
        }
        Set<Read> wanted = new HashSet<>();
        return groups.stream()
                .filter(group -> group.isOver(node.input(0).shape())
                        && users.stream().noneMatch(user -> user == group || group.reaches(user)))
                .filter(group -> {
                    if (wanted.isEmpty()) {
                        sources(new Read(node.input(0), group.full()), SEARCHED_DEPTH, wanted);
                    }
                    return !Collections.disjoint(wanted, sources(group));
                })
                .findFirst();
    }

    /** An element of a large value that a kernel reads, or will once all that it computes is known. */
    private record Read(Node node, Access access) {}

    private static Set<Read> sources(Group group) {
        Set<Read> sources = new HashSet<>();
        group.pending()
                .forEach(node -> group.accesses(node)
                        .forEach(access -> sources(new Read(node, access), SEARCHED_DEPTH, sources)));
        return sources;
    }

    private static void sources(Read read, int depth, Set<Read> sources) {
        Node node = read.node();
        if (node.op() == Op.SAVED) {
            sources.add(new Read(node.input(0), read.access()));
        } else if (node.kind() == Op.Kind.KERNEL) {
            sources.add(read);
        } else if (depth > 0 && (node.kind() == Op.Kind.POINTWISE || node.kind() == Op.Kind.MOVEMENT)) {
            for (int i = 0; i < node.inputs().size(); i++) {
                sources(new Read(node.input(i), read.access().through(node, i)), depth - 1, sources);
            }
        }
    }

    private void settle(Node node, Group group) {
        group.stored().add(node);
        for (Group user : needs.getOrDefault(node, Set.of())) {
            if (user != group) {
                user.need(group);
            }
        }
    }

    private void place(Node node, Group group) {
        group.member(node);
        for (Access access : List.copyOf(group.accesses(node))) {
            for (int i = 0; i < node.inputs().size(); i++) {
                Access read = node.kind() == Op.Kind.REDUCTION ? group.reducedAccess() : access.through(node, i);
                if (!read.isNever()) {
                    group.access(node.input(i), read);
                    needs.computeIfAbsent(node.input(i), n -> new LinkedHashSet<>())
                            .add(group);
                }
            }
        }
    }
}
