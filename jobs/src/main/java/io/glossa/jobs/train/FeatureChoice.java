package io.glossa.jobs.train;

import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.storage.Lake;
import java.util.OptionalLong;

/**
 * Which log-mels to train on.
 *
 * @param snapshot of the table that they come from; empty: the current one
 * @param frontEnd first digits of the digest of the front end, where no model says which; empty: of stored features the lake's only
 *     one, on the fly the usual one
 */
public record FeatureChoice(FeatureOrigin origin, OptionalLong snapshot, String frontEnd) {
    /** The lake's only stored ones. */
    public static final FeatureChoice STORED = new FeatureChoice(FeatureOrigin.STORED, OptionalLong.empty(), "");

    /** The same of another snapshot. */
    public FeatureChoice at(OptionalLong other) {
        return new FeatureChoice(origin, other, frontEnd);
    }

    /** The same of another front end. */
    public FeatureChoice of(String digest) {
        return new FeatureChoice(origin, snapshot, digest);
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
