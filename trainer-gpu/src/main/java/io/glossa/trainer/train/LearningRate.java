package io.glossa.trainer.train;

import io.glossa.error.GlossaException;

/**
 * A rate that rises in a line over the warm-up, which may begin after a delay of rate 0, holds its peak, then falls in a line to a
 * floor. Whatever the settings, the last step of the warm-up has the rate that was asked for.
 */
final class LearningRate {
    private static final double USUAL_WARMUP = 0.1;

    private final double peak;
    private final long steps;
    private final long delay;
    private final long warmup;
    private final double falls;
    private final double floorShare;

    /**
     * The rates of a training of so many steps, of all parameters or of those that are not in the encoder.
     *
     * @throws GlossaException of type USER if the training ends before the warm-up does
     */
    LearningRate(TrainConfig config, long steps) {
        this(
                "",
                config,
                config.optimization().learningRate(),
                0,
                config.optimization().warmupSteps(),
                steps);
    }

    /** The encoder's where it has rates of its own, as above. */
    static LearningRate ofEncoder(TrainConfig config, long steps) {
        GroupConfig groups = config.groups();
        String warmup = groups.encoderWarmupSteps().equals(TrainConfig.AUTO)
                ? config.optimization().warmupSteps()
                : groups.encoderWarmupSteps();
        double peak = groups.encoderPeak(config.optimization().learningRate());
        return new LearningRate("encoder-", config, peak, groups.encoderDelaySteps(), warmup, steps);
    }

    private LearningRate(String prefix, TrainConfig config, double peak, long delay, String warmupSteps, long steps) {
        this.peak = peak;
        this.steps = steps;
        this.delay = delay;
        floorShare = config.optimization().floorShare();
        warmup = warmupSteps.equals(TrainConfig.AUTO)
                ? (long) Math.ceil(USUAL_WARMUP * steps)
                : Long.parseLong(warmupSteps);
        if (delay + warmup > steps) {
            throw GlossaException.user("Cannot reach the " + prefix + "learning-rate " + peak + ": " + prefix
                    + "warmup-steps=" + warmup + (delay == 0 ? "" : " after " + prefix + "delay-steps=" + delay)
                    + ", but the training has only " + steps + " steps, expected fewer (or " + TrainConfig.AUTO
                    + ", which is a tenth of all steps)");
        }
        falls = Math.max(delay + warmup, config.optimization().holdShare() * steps);
    }

    /** The rate of a step, counted from 0. */
    double at(long step) {
        if (step < delay) {
            return 0;
        }
        if (step < delay + warmup) {
            return peak * (step - delay + 1) / warmup;
        }
        double left = step < falls ? 1 : (steps - step) / (steps - falls);
        return peak * Math.max(floorShare, left);
    }
}
