package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Objective;
import java.util.Optional;

/**
 * One kind of data of a training, with what is learned from it.
 *
 * @param name in metrics, such as "paired"
 * @param batches of a step
 * @param layout present: the data are texts that nobody spoke, which it lays out over the frames that they are said to have
 */
public record Stream(
        String name, Objective objective, BatchSource source, BatchConfig batches, Optional<Durations> layout) {
    /** Speech, with or without text. */
    public static Stream ofSpeech(String name, Objective objective, BatchSource source, BatchConfig batches) {
        return new Stream(name, objective, source, batches, Optional.empty());
    }

    /** Text without speech. */
    public static Stream ofText(
            String name, Objective objective, BatchSource source, BatchConfig batches, Durations layout) {
        return new Stream(name, objective, source, batches, Optional.of(layout));
    }
}
