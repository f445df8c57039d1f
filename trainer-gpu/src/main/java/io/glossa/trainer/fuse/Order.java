package io.glossa.trainer.fuse;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The order of groups, each after those it needs. Of the groups that could run next, the one that adds least to live
 * memory does, but none before its result can be put to use. A deferred group runs right before the first that needs it. What
 * ranks do together begins as soon as it can, and what waits for its end runs when there is nothing else to do; but parameters are
 * gathered as {@link Prefetch} says.
 */
final class Order {
    private final Map<Group, Set<Group>> needs = new HashMap<>();
    private final Map<Group, List<Group>> users = new HashMap<>();
    private final Map<Group, List<Node>> reads = new HashMap<>();
    private final Map<Group, Integer> waiting = new HashMap<>();

    /** How many of the groups that a group needs are neither done nor ready. */
    private final Map<Group, Integer> missing = new HashMap<>();

    private final Map<Node, Integer> readers = new HashMap<>();
    private final Set<Group> ready = new HashSet<>();
    private final Set<Group> done = new LinkedHashSet<>();

    private Order(List<Group> groups, Graph graph) {
        graph.roots().forEach(root -> readers.merge(Fuse.base(root), 1, Integer::sum));
        for (Group group : groups) {
            reads.put(group, group.reads());
            reads.get(group).forEach(node -> readers.merge(node, 1, Integer::sum));
            if (group.isDeferred()) {
                continue;
            }
            Set<Group> before = needs(group);
            waiting.put(group, before.size());
            missing.put(group, before.size());
            before.forEach(
                    need -> users.computeIfAbsent(need, n -> new ArrayList<>()).add(group));
        }
        waiting.keySet().stream().filter(group -> waiting.get(group) == 0).forEach(this::becomesReady);
    }

    private void becomesReady(Group group) {
        ready.add(group);
        users.getOrDefault(group, List.of()).forEach(user -> missing.merge(user, -1, Integer::sum));
    }

    static List<Group> of(List<Group> groups, Graph graph) {
        Order order = new Order(groups, graph);
        while (!order.ready.isEmpty()) {
            order.run(order.next());
        }
        if (order.done.size() != groups.size()) {
            throw GlossaException.internal(
                    "Cannot order kernels: " + order.done.size() + " of " + groups.size()
                            + " placed, expected all (the groups need each other in a circle, or nothing needs a deferred one)");
        }
        return Prefetch.of(List.copyOf(order.done));
    }

    /** The groups that are not deferred and must run before this one, also for deferred ones that it needs. */
    private Set<Group> needs(Group group) {
        Set<Group> known = needs.get(group);
        if (known == null) {
            known = new LinkedHashSet<>();
            for (Group need : group.needs()) {
                if (need.isDeferred()) {
                    known.addAll(needs(need));
                } else {
                    known.add(need);
                }
            }
            needs.put(group, known);
        }
        return known;
    }

    private Group next() {
        Optional<Group> collective = ready.stream()
                .filter(Group::isCollective)
                .min(Comparator.comparingInt(group -> group.root().id()));
        if (collective.isPresent()) {
            return collective.get();
        }
        Group next = null;
        long least = Long.MAX_VALUE;
        for (Group group : useful()) {
            long added = added(group);
            if (next == null
                    || added < least
                    || added == least && group.root().id() < next.root().id()) {
                next = group;
                least = added;
            }
        }
        return next;
    }

    /** Of the ready groups that wait for no other rank, those that free memory or whose result can be put to use at once. */
    private Collection<Group> useful() {
        Collection<Group> atOnce = orAll(ready, group -> needs(group).stream().noneMatch(Group::isCollective));
        return orAll(atOnce, group -> added(group) <= 0 || isWanted(group));
    }

    private static Collection<Group> orAll(Collection<Group> groups, Predicate<Group> preferred) {
        List<Group> found = groups.stream().filter(preferred).toList();
        return found.isEmpty() ? groups : found;
    }

    private boolean isWanted(Group group) {
        List<Group> all = users.getOrDefault(group, List.of());
        return all.isEmpty() || all.stream().anyMatch(user -> missing.get(user) == 0);
    }

    /** Parameters are gathered before in any case, so that only their end counts. */
    private long added(Group group) {
        long bytes = 0;
        for (Group each : bundle(group)) {
            for (Node node : each.isFetch() ? List.<Node>of() : each.stored()) {
                bytes += node.type().bytes();
            }
            for (Node node : reads.get(each)) {
                if (readers.get(node) == 1 && !Fuse.isBuffer(node)) {
                    bytes -= node.type().bytes();
                }
            }
        }
        return bytes;
    }

    /** The group after the deferred ones that it still needs. */
    private Set<Group> bundle(Group group) {
        Set<Group> bundle = new LinkedHashSet<>();
        collect(group, bundle);
        return bundle;
    }

    private void collect(Group group, Set<Group> bundle) {
        for (Group need : group.needs()) {
            if (need.isDeferred() && !done.contains(need) && !bundle.contains(need)) {
                collect(need, bundle);
            }
        }
        bundle.add(group);
    }

    private void run(Group group) {
        for (Group each : bundle(group)) {
            done.add(each);
            reads.get(each).forEach(node -> readers.merge(node, -1, Integer::sum));
        }
        ready.remove(group);
        for (Group user : users.getOrDefault(group, List.of())) {
            if (waiting.merge(user, -1, Integer::sum) == 0) {
                becomesReady(user);
            }
        }
    }
}
