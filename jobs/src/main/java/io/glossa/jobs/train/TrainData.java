package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.Usage;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.Rnnt;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows of the lake a model is trained on, and for what.
 *
 * @param kind of objective, which decides which utterances can be used
 * @param origin of log-mels
 * @param features snapshot of the table that they come from
 * @param frontEnd whose features they are
 * @param transcripts snapshot of {@code transcripts}; 0: none is read
 * @param splits whose utterances are used; with transcripts, those that a person transcribed
 * @param pseudo pseudo-labels to use besides
 * @param tokenizer by which transcripts are numbered
 * @param untranscribed splits whose utterances are heard besides, without their texts
 * @param sentences snapshot of {@code sentences}; 0: none is read
 * @param terms by which utterances are left out that may not be used
 */
record TrainData(
        String kind,
        FeatureOrigin origin,
        long features,
        FrontEnd frontEnd,
        long transcripts,
        List<String> splits,
        PseudoLabels pseudo,
        TokenizerChoice tokenizer,
        List<String> untranscribed,
        long sentences,
        Terms terms)
        implements Serializable {
    /** Where a checkpoint's lineage says it too. */
    static final String KIND = "kind";

    TrainData {
        if (splits.isEmpty()) {
            throw GlossaException.user("Cannot train on no splits: expected at least one, such as train");
        }
        splits = List.copyOf(splits);
        untranscribed = List.copyOf(untranscribed);
    }

    /** Of one kind of data. */
    TrainData(
            String kind,
            FeatureOrigin origin,
            long features,
            FrontEnd frontEnd,
            long transcripts,
            List<String> splits,
            PseudoLabels pseudo,
            TokenizerChoice tokenizer,
            Terms terms) {
        this(kind, origin, features, frontEnd, transcripts, splits, pseudo, tokenizer, List.of(), 0, terms);
    }

    /** What of it is heard without texts. */
    TrainData ofUntranscribed() {
        return new TrainData(
                BestRq.KIND, origin, features, frontEnd, 0, untranscribed, PseudoLabels.NONE, tokenizer, terms);
    }

    /** What of it is heard with texts. */
    TrainData ofPaired() {
        return new TrainData(Rnnt.KIND, origin, features, frontEnd, transcripts, splits, pseudo, tokenizer, terms);
    }

    /** The same rows but for those that were forgotten, whose places in the plan are empty. */
    TrainData without(ForgottenNote note) {
        return new TrainData(
                kind,
                origin,
                note.instead(features),
                frontEnd,
                note.instead(transcripts),
                splits,
                pseudo,
                tokenizer,
                untranscribed,
                sentences,
                terms.emptied(ForgottenPlaces.digest(note)));
    }

    /** The same for another use. */
    TrainData usedAs(Usage usage) {
        return new TrainData(
                kind,
                origin,
                features,
                frontEnd,
                transcripts,
                splits,
                pseudo,
                tokenizer,
                untranscribed,
                sentences,
                terms.with(usage));
    }

    boolean labelled() {
        return transcripts != 0;
    }

    /** Snapshot id by table. */
    Map<String, Long> inputs() {
        Map<String, Long> inputs = new LinkedHashMap<>();
        inputs.put(origin.table().tableName(), features);
        if (labelled()) {
            inputs.put("transcripts", transcripts);
        }
        if (sentences != 0) {
            inputs.put("sentences", sentences);
        }
        return inputs;
    }

    /** What was chosen of them. */
    Map<String, String> choice() {
        Map<String, String> choice = new LinkedHashMap<>();
        choice.put(KIND, kind);
        choice.put("features", origin.toString());
        choice.put("front-end", frontEnd.digest());
        choice.put("splits", String.join(",", splits));
        choice.put("pseudo-generation", Integer.toString(pseudo.generation()));
        choice.put("pseudo-weight", Double.toString(pseudo.weight()));
        if (labelled()) {
            choice.put(TokenizerChoice.LINEAGE, tokenizer.name());
        }
        if (!untranscribed.isEmpty()) {
            choice.put("untranscribed", String.join(",", untranscribed));
        }
        choice.putAll(terms.lineage());
        return choice;
    }
}
