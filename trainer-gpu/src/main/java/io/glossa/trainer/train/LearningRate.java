package io.glossa.trainer.train;

import io.glossa.error.GlossaException;

/**
 * A rate that rises in a line over the warm-up, holds its peak, then falls in a line to a floor. Whatever the settings, the
 * last step of the warm-up has the rate that was asked for.
 */
final class LearningRate {
    private static final double USUAL_WARMUP = 0.1;

    private final TrainConfig config;
    private final long steps;
    private final long warmup;
    private final double falls;

    /**
     * The rates of a training of so many steps.
     *
     * @throws GlossaException of type USER if the training ends before the warm-up does
     */
    LearningRate(TrainConfig config, long steps) {
        this.config = config;
        this.steps = steps;
        warmup = config.warmup().orElse((long) Math.ceil(USUAL_WARMUP * steps));
        if (warmup > steps) {
            throw GlossaException.user("Cannot reach the learning-rate " + config.learningRate() + ": warmup-steps="
                    + warmup + ", but the training has only " + steps + " steps, expected fewer (or "
                    + TrainConfig.AUTO + ", which is a tenth of all steps)");
        }
        falls = Math.max(warmup, config.holdShare() * steps);
    }

    /** The rate of a step, counted from 0. */
    double at(long step) {
        if (step < warmup) {
            return config.learningRate() * (step + 1) / warmup;
        }
        double left = step < falls ? 1 : (steps - step) / (steps - falls);
        return config.learningRate() * Math.max(config.floorShare(), left);
    }
}
