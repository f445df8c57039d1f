package io.glossa.jobs.lineage;

import io.glossa.jobs.train.RunExposures;
import io.glossa.jobs.train.RunTexts;
import io.glossa.storage.Lake;
import io.glossa.trainer.train.Exposure;
import io.glossa.trainer.train.ModelAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a model had of the lake by itself: in batches, for its front end's statistics, for its tokenizer. */
final class Uses {
    private static final String GENERATION = "glossa.pseudo-generation";
    private static final String NO_GENERATION = "0";

    private Uses() {}

    /** Whether it may have learned from a teacher's texts. */
    static boolean hasTeacher(Model model) {
        return !isAverage(model)
                && !model.meta()
                        .lineage()
                        .getOrDefault(GENERATION, NO_GENERATION)
                        .equals(NO_GENERATION);
    }

    /**
     * All of it; nothing of an average, which has what its parents have.
     *
     * @param some of these utterances alone; empty: of all, and of sentences
     * @param unknown is told, in a sentence each, what cannot be
     */
    static List<Use> of(Lake lake, Model model, Optional<Set<String>> some, Consumer<String> unknown) {
        if (isAverage(model)) {
            return List.of();
        }
        RunTexts texts = RunTexts.of(lake, model.run(), model.meta(), some);
        texts.tokenizer().ifPresent(unknown);
        List<Use> uses = new ArrayList<>();
        for (RunExposures.OfStream stream :
                RunExposures.of(lake, model.run(), model.meta()).streams()) {
            Map<String, Exposure> exposures = some.map(stream::of).orElseGet(stream::all);
            exposures.forEach((id, exposure) -> {
                if (exposure.statistics()) {
                    uses.add(new Use(Way.STATISTICS, id, "", 0, 0));
                }
                if (exposure.count() > 0) {
                    String teacher = stream.name().equals(RunExposures.PAIRED)
                            ? texts.teachers().getOrDefault(id, "")
                            : "";
                    uses.add(new Use(way(stream, teacher), id, teacher, exposure.first(), exposure.count()));
                }
            });
        }
        texts.numbered().forEach(id -> uses.add(new Use(Way.TOKENIZER, id, "", 0, 0)));
        return uses;
    }

    private static Way way(RunExposures.OfStream stream, String teacher) {
        return switch (stream.name()) {
            case RunExposures.TEXT -> Way.SENTENCE;
            case RunExposures.PAIRED -> teacher.isEmpty() ? Way.READ : Way.LABELLED;
            default -> Way.HEARD;
        };
    }

    /** Whether it was made of others. */
    static boolean isAverage(Model model) {
        return model.meta().lineage().containsKey(ModelAverage.PARENTS);
    }
}
