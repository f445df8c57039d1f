package io.glossa.trainer.train;

/** A rate that rises over the warm-up, holds, then falls in a line to a floor. */
record LearningRate(TrainConfig config, long totalSteps) {
    /** The rate of a step, counted from 0. */
    double at(long step) {
        double warmup = config.warmupSteps() == 0 ? 1 : Math.min(1, (step + 1.0) / config.warmupSteps());
        double done = (double) step / totalSteps;
        double fall = done < config.holdShare() ? 1 : 1 - (done - config.holdShare()) / (1 - config.holdShare());
        return config.learningRate() * warmup * Math.max(config.floorShare(), fall);
    }
}
