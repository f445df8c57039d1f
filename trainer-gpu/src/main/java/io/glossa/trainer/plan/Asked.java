package io.glossa.trainer.plan;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.train.StepRecipe;

/**
 * A training to plan.
 *
 * @param frames of each utterance, of 10 ms
 * @param parts of a batch, which ranks share, at least one for each
 */
public record Asked(StepRecipe recipe, int frames, int ranks, int parts, Compile.Options options) {
    /** @throws GlossaException of type USER where a rank would have nothing to do */
    public Asked {
        if (parts < ranks) {
            throw GlossaException.user("Cannot plan for " + ranks + " ranks: found parts=" + parts
                    + ", expected a part of each batch for every rank (--set parts=" + ranks + ")");
        }
    }

    /** Parts that a rank with most of them does in a step, one after the other. */
    public int partsOfRank() {
        return (parts + ranks - 1) / ranks;
    }

    Asked with(DType moments) {
        AdamW optimizer = recipe.optimizer();
        AdamW other = new AdamW(optimizer.weightDecay(), optimizer.clipNorm(), moments, optimizer.groups());
        return new Asked(recipe.with(other), frames, ranks, parts, options);
    }

    Asked withActivations(long bytes) {
        Compile.Options other = new Compile.Options(options.grouping(), options.precision(), bytes);
        return new Asked(recipe, frames, ranks, parts, other);
    }
}
