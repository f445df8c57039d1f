package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** On which models a model hangs, all the way up, and what each of them had of the lake. Not for several threads. */
final class Ancestry {
    /**
     * A model, and how another hangs on it.
     *
     * @param path a link each, from the one that is asked about; empty: it is that one
     */
    record Ancestor(Model model, List<String> path) {}

    private final Lake lake;
    private final Models models;
    private final Map<Folder, List<Use>> uses = new HashMap<>();
    private final Set<String> unknown = new TreeSet<>();

    Ancestry(Lake lake, Models models) {
        this.lake = lake;
        this.models = models;
    }

    Lake lake() {
        return lake;
    }

    Models models() {
        return models;
    }

    /** What could not be told so far, in sentences. */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** The model itself, and all that it hangs on, once for each path. */
    List<Ancestor> of(Model model) {
        List<Ancestor> found = new ArrayList<>();
        walk(new Ancestor(model, List.of()), Set.of(), found);
        return found;
    }

    private void walk(Ancestor from, Set<Folder> above, List<Ancestor> found) {
        found.add(from);
        Set<Folder> seen = new HashSet<>(above);
        seen.add(from.model().step());
        for (Link link : links(from.model())) {
            Optional<Model> next = models.find(link.digest());
            if (next.isEmpty()) {
                unknown.add(from.model().name() + ": " + link.kind() + " model " + link.digest()
                        + ", which is in none of the places (--models DIR)");
            } else if (!seen.contains(next.get().step())) {
                String words = link.kind() + " " + next.get().name();
                List<String> path =
                        Stream.concat(from.path().stream(), Stream.of(words)).toList();
                walk(new Ancestor(next.get(), path), seen, found);
            }
        }
    }

    private List<Link> links(Model model) {
        List<Link> links = new ArrayList<>(Link.of(model.meta()));
        if (Uses.hasTeacher(model)) {
            uses(model).stream()
                    .map(Use::teacher)
                    .filter(teacher -> !teacher.isEmpty())
                    .distinct()
                    .sorted()
                    .forEach(teacher -> links.add(new Link(Link.Kind.LABELLED_BY, teacher)));
        }
        return links;
    }

    /** What a model had of the lake by itself. */
    List<Use> uses(Model model) {
        return uses.computeIfAbsent(model.step(), step -> told(model, Optional.empty()));
    }

    /** The same of some utterances. */
    List<Use> uses(Model model, Set<String> utterances) {
        return told(model, Optional.of(utterances));
    }

    private List<Use> told(Model model, Optional<Set<String>> some) {
        try {
            return Uses.of(lake, model, some, sentence -> unknown.add(model.name() + ": " + sentence));
        } catch (GlossaException e) {
            unknown.add(model.name() + ": " + e.getMessage());
            return List.of();
        }
    }
}
