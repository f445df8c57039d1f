package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Gathered;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Begins to gather the parameters of a layer when the layer before it begins, so that they are on their way beside its kernels
 * (Zhao et al. 2023, "PyTorch FSDP", §3.3). So memory holds parameters of two layers at a time.
 */
final class Prefetch {
    /**
     * Gathers of one layer that no other's come between, each parameter once.
     *
     * @param begins how many other groups run before the first of them is needed
     */
    private record Visit(int begins, List<Group> preparations, List<Group> fetches, Set<String> parameters) {
        boolean takes(String parameter) {
            String layer = Gathered.layer(parameters.iterator().next());
            return layer.equals(Gathered.layer(parameter)) && !parameters.contains(parameter);
        }
    }

    private final Set<Group> early = new LinkedHashSet<>();
    private final List<Group> others = new ArrayList<>();
    private final List<Visit> visits = new ArrayList<>();

    private Prefetch(List<Group> order) {
        order.stream().filter(Group::isFetch).forEach(this::findEarly);
        List<Group> preparations = new ArrayList<>();
        for (Group group : order) {
            if (!early.contains(group)) {
                others.add(group);
            } else if (group.isFetch()) {
                Visit visit = visit(Gathered.parameter(group.root()));
                visit.preparations().addAll(preparations);
                visit.fetches().add(group);
                preparations.clear();
            } else {
                preparations.add(group);
            }
        }
    }

    /** @param order in which each gather is right before the first group that needs it */
    static List<Group> of(List<Group> order) {
        return new Prefetch(order).merged();
    }

    /** A gather and what rounds its segment, which need nothing that another group computes. */
    private void findEarly(Group fetch) {
        if (fetch.needs().stream()
                .allMatch(need -> need.isDeferred() && need.needs().isEmpty())) {
            early.addAll(fetch.needs());
            early.add(fetch);
        }
    }

    private Visit visit(String parameter) {
        Visit last = visits.isEmpty() ? null : visits.get(visits.size() - 1);
        if (last == null || !last.takes(parameter)) {
            last = new Visit(others.size(), new ArrayList<>(), new ArrayList<>(), new LinkedHashSet<>());
            visits.add(last);
        }
        last.parameters().add(parameter);
        return last;
    }

    private List<Group> merged() {
        List<Group> merged = new ArrayList<>();
        int placed = 0;
        for (int i = 0; i < visits.size(); i++) {
            int begins = visits.get(Math.max(0, i - 1)).begins();
            merged.addAll(others.subList(placed, begins));
            placed = begins;
            merged.addAll(visits.get(i).preparations());
            merged.addAll(visits.get(i).fetches());
        }
        merged.addAll(others.subList(placed, others.size()));
        return List.copyOf(merged);
    }
}
