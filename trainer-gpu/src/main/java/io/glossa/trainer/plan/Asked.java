package io.glossa.trainer.plan;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Compile;

/**
 * A training to plan.
 *
 * @param frames of each utterance, of 10 ms
 * @param partsOfRank parts of a batch that each rank does one after the other
 */
public record Asked(
        Objective objective, AdamW optimizer, int frames, int ranks, int partsOfRank, Compile.Options options) {
    Asked with(DType moments) {
        AdamW other = new AdamW(optimizer.weightDecay(), optimizer.clipNorm(), moments, optimizer.groups());
        return new Asked(objective, other, frames, ranks, partsOfRank, options);
    }

    Asked withActivations(long bytes) {
        Compile.Options other = new Compile.Options(options.grouping(), options.precision(), bytes);
        return new Asked(objective, optimizer, frames, ranks, partsOfRank, other);
    }
}
