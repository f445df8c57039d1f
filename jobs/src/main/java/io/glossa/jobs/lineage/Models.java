package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.train.ForgottenPlaces;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models that are found, and which one a digest is of. Whether their tensors are whole is not looked at. */
final class Models {
    private static final int FEWEST_DIGITS = 6;

    /** Folders of trainings in folders in a folder. */
    private static final int DEPTH = 3;

    private final List<Model> all = new ArrayList<>();
    private final Map<String, Model> byDigest = new LinkedHashMap<>();
    private final List<Folder> begun = new ArrayList<>();
    private final List<Folder> places;

    private Models(List<Folder> places) {
        this.places = places;
    }

    /** Those in the lake's folder of models, and in others. */
    static Models of(Lake lake, List<Folder> others) {
        List<Folder> places = new ArrayList<>(List.of(lake.folder().resolve("models")));
        places.addAll(others);
        Models models = new Models(places);
        places.forEach(place -> models.add(place, DEPTH));
        return models;
    }

    private void add(Folder place, int depth) {
        List<Folder> steps = Checkpoints.finished(place);
        steps.forEach(step -> add(step, place));
        try {
            List<String> names = place.names();
            if (names.stream().anyMatch(name -> name.startsWith("DONE"))) {
                add(place, place.parent());
            } else if (steps.isEmpty() && ForgottenPlaces.hasPlan(names)) {
                begun.add(place);
            } else if (steps.isEmpty() && depth > 0) {
                names.stream().sorted().forEach(name -> add(place.resolve(name), depth - 1));
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot list models in " + place + ": " + e)
                    .causedBy(e);
        }
    }

    private void add(Folder step, Folder run) {
        try {
            Model model = Model.of(step, run);
            all.add(model);
            byDigest.merge(model.digest(), model, Models::nearer);
        } catch (GlossaException e) {
            System.err.println("Passed over checkpoint " + step.name() + ": " + e.getMessage());
        }
    }

    /** Of two with the same bits the one that was trained: an average of one checkpoint is that one. */
    private static Model nearer(Model one, Model other) {
        return Uses.isAverage(one) ? other : one;
    }

    List<Model> all() {
        return all;
    }

    /** Folders of trainings that have no checkpoint yet. */
    List<Folder> begun() {
        return begun;
    }

    Optional<Model> find(String digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }

    /**
     * The model that a person names: a folder, or a name in one of the places, of which the last checkpoint is taken; a checkpoint;
     * or the first digits of a digest.
     *
     * @throws GlossaException of type USER if there is none, or several
     */
    Model named(String name) {
        List<Folder> folders = new ArrayList<>();
        places.forEach(place -> folders.add(place.resolve(name)));
        folders.add(new Folder(name));
        for (Folder folder : folders) {
            Optional<Folder> step = Checkpoints.finished(folder).stream().findFirst();
            Optional<Model> found = all.stream()
                    .filter(model -> model.step().equals(step.orElse(folder)))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        List<Model> meant = byDigest.values().stream()
                .filter(model ->
                        name.length() >= FEWEST_DIGITS && model.digest().startsWith(name))
                .toList();
        if (meant.size() != 1) {
            throw GlossaException.user("Cannot tell about model '" + name + "': found " + meant.size()
                    + " of the name, expected a folder of checkpoints, a checkpoint, or " + FEWEST_DIGITS
                    + " or more digits of a digest (there are "
                    + String.join(", ", all.stream().map(Model::name).toList()) + "; --models names other places)");
        }
        return meant.get(0);
    }
}
