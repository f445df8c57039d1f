package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.objective.Objective;

/**
 * One kind of data of a training, with what is learned from it.
 *
 * @param name in metrics, such as "paired"
 * @param batches of a step
 */
public record Stream(String name, Objective objective, BatchSource source, BatchConfig batches) {}
