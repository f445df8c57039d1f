package io.glossa.jobs.train;

import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.Usage;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which log-mels to train on.
 *
 * @param snapshot of the table that they come from; empty: the current one
 * @param frontEnd first digits of the digest of the front end, where no model says which; empty: of stored features the lake's only
 *     one, on the fly the usual one
 * @param usage what they are used for, which consent may forbid
 */
public record FeatureChoice(FeatureOrigin origin, OptionalLong snapshot, String frontEnd, Usage usage) {
    /** The lake's only stored ones. */
    public static final FeatureChoice STORED =
            new FeatureChoice(FeatureOrigin.STORED, OptionalLong.empty(), "", Usage.DEFAULTS);

    /** The same of another snapshot. */
    public FeatureChoice at(OptionalLong other) {
        return new FeatureChoice(origin, other, frontEnd, usage);
    }

    /** The same of another front end. */
    public FeatureChoice of(String digest) {
        return new FeatureChoice(origin, snapshot, digest, usage);
    }

    /** The same for another use. */
    public FeatureChoice usedAs(Usage other) {
        return new FeatureChoice(origin, snapshot, frontEnd, other);
    }

    /** By which consent, where a training goes on in a folder or begins. */
    Terms terms(Lake lake, Folder folder) {
        Map<String, String> before = Checkpoints.latest(folder)
                .map(step -> Checkpoints.meta(step).lineage())
                .orElse(Map.of());
        return Terms.kept(lake, usage, before, TrainingRun.SUMMARY_PREFIX);
    }

    /**
     * The front end that is meant.
     *
     * @param model what is known of it from the model
     * @param read the snapshot
     */
    FrontEnd frontEnd(FrontEndChoice model, Lake lake, long read, String job, int mels) {
        FrontEndChoice choice = model.asking(frontEnd);
        return origin == FeatureOrigin.STORED ? choice.in(lake, read, job, mels) : choice.onTheFly(lake, job, mels);
    }
}
