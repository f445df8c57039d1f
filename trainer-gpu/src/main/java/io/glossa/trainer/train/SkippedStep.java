package io.glossa.trainer.train;

import java.util.Set;

/**
 * A step that left the model as it was, since its gradient is not finite.
 *
 * @param step its number, from 1
 * @param gradientNorm which is the same on all ranks
 * @param utterances that this rank had in it, by id
 */
public record SkippedStep(long step, double gradientNorm, Set<String> utterances) {}
