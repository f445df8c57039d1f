package io.glossa.jobs.lineage;

import io.glossa.jobs.consent.Usage;
import io.glossa.jobs.train.Replay;
import io.glossa.jobs.train.TrainResult;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.Lineage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Which trainings are to be done again so that models are there that have nothing of what is forgotten: those that learned from it, those
 * whose front end's statistics are of it, and those that start from such a model; each after the one that it starts from.
 */
final class Replays {
    private static final double SECONDS_PER_HOUR = 3600;
    private static final int SHORT = 12;

    /**
     * One of them.
     *
     * @param from the last checkpoint that has nothing of it; empty: from the beginning
     * @param init the model that it starts from, done again where that has something of it
     */
    private record Again(Run run, Optional<Model> from, Optional<Folder> init, Folder to) {
        long start() {
            return from.map(model -> model.meta().step()).orElse(0L);
        }

        long steps() {
            return run.last().meta().step() - start();
        }

        double seconds() {
            return steps() * Replay.secondsPerStep(run.folder());
        }
    }

    private final Ancestry ancestry;
    private final Set<String> utterances;
    private final String suffix;
    private final Map<Folder, Run> runs = new LinkedHashMap<>();
    private final List<String> unable = new ArrayList<>();
    private final Map<Folder, Again> all = new LinkedHashMap<>();
    private final Map<Folder, Boolean> tainted = new HashMap<>();

    private Replays(Ancestry ancestry, Wanted wanted) {
        this.ancestry = ancestry;
        utterances = wanted.utterances();
        suffix = "-without-" + wanted.digest().substring(0, SHORT);
        Run.of(ancestry.models().all()).forEach(run -> runs.put(run.folder(), run));
    }

    /** Asks before anything is done, as exposures are of what is there now. */
    static Replays of(Ancestry ancestry, Wanted wanted) {
        Replays replays = new Replays(ancestry, wanted);
        replays.runs.values().forEach(replays::add);
        return replays;
    }

    /** Whether a model has something of it that training again takes away. */
    private boolean isTainted(Model model) {
        Boolean known = tainted.get(model.step());
        if (known == null) {
            known = firstStep(model).isPresent() || parents(model).anyMatch(this::isTainted);
            tainted.put(model.step(), known);
        }
        return known;
    }

    /** The step that learned from it first; 0: before the first. */
    private Optional<Long> firstStep(Model model) {
        return ancestry.uses(model, utterances).stream()
                .filter(use -> use.way() != Way.TOKENIZER)
                .map(Use::first)
                .min(Long::compare);
    }

    /** What it started from, or is the average of. */
    private Stream<Model> parents(Model model) {
        return Link.of(model.meta()).stream().flatMap(link -> ancestry.models().find(link.digest()).stream());
    }

    private Optional<Model> init(Model model) {
        return Optional.ofNullable(model.meta().lineage().get(Lineage.MODEL_DIGEST))
                .flatMap(ancestry.models()::find);
    }

    private void add(Run run) {
        if (all.containsKey(run.folder()) || run.folder().name().endsWith(suffix) || !isTainted(run.last())) {
            return;
        }
        Optional<Model> init = init(run.last());
        boolean fromTainted = init.filter(this::isTainted).isPresent();
        Optional<Folder> start = init.map(Model::step);
        if (fromTainted) {
            Run before = runs.get(init.get().run());
            if (before == null) {
                unable.add(run.folder().name() + " starts from the average "
                        + init.get().name() + ", which has something of it: make that again first");
                return;
            }
            add(before);
            if (!all.containsKey(before.folder())) {
                unable.add(run.folder().name() + " starts from " + init.get().name() + ", which is not trained again");
                return;
            }
            start = Optional.of(
                    all.get(before.folder()).to().resolve(init.get().step().name()));
        }
        Optional<Model> clean = run.models().stream()
                .filter(model -> !fromTainted && firstStep(model).isEmpty())
                .findFirst();
        all.put(
                run.folder(),
                new Again(run, clean, start, new Folder(run.folder().location() + suffix)));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        all.values()
                .forEach(again -> lines.add(String.format(
                        Locale.ROOT,
                        "to train again: %s from step %,d, %,d steps, %.2f h, into %s",
                        again.run().folder().name(),
                        again.start(),
                        again.steps(),
                        again.seconds() / SECONDS_PER_HOUR,
                        again.to())));
        unable.forEach(sentence -> lines.add("not to train again: " + sentence));
        return lines.isEmpty() ? List.of("to train again: nothing") : lines;
    }

    /** What cannot be done again, in sentences. */
    List<String> unable() {
        return unable;
    }

    /**
     * Does them, after it is forgotten.
     *
     * @param usage what they are for; empty: each what it was for
     */
    List<ForgetReport.Replayed> run(SparkSession spark, Lake lake, Optional<Usage> usage) {
        List<ForgetReport.Replayed> done = new ArrayList<>();
        for (Again again : all.values()) {
            TrainResult result = new Replay(
                            again.run().folder(),
                            again.run().last().meta(),
                            again.from().map(Model::step),
                            again.init(),
                            again.to(),
                            usage)
                    .run(spark, lake);
            done.add(new ForgetReport.Replayed(
                    again.run().folder().name(),
                    again.to().name(),
                    again.start(),
                    result.steps() - again.start(),
                    result.digest()));
        }
        return done;
    }
}
