package io.glossa.trainer.train;

import io.glossa.trainer.ir.DType;

/**
 * How gradients change a model.
 *
 * @param learningRate its peak
 * @param warmupSteps steps until the peak: a number, or {@value TrainConfig#AUTO} for a tenth of all steps
 * @param holdShare share of all steps until the rate falls
 * @param floorShare the last rate, as a share of the peak
 * @param weightDecay what a step of learning rate 1 would take off a weight
 * @param clipNorm the largest norm that a gradient keeps
 * @param skipShare share of all steps that may be left out because their gradient is not finite
 * @param optimizerState how the optimizer's moments are kept: fp32, or bf16 in half the memory, rounded by chance
 */
public record OptimizerConfig(
        double learningRate,
        String warmupSteps,
        double holdShare,
        double floorShare,
        double weightDecay,
        double clipNorm,
        double skipShare,
        String optimizerState) {
    static final OptimizerConfig DEFAULTS =
            new OptimizerConfig(1e-3, TrainConfig.AUTO, 0.3, 0.02, 1e-3, 1, 1e-3, "fp32");

    public OptimizerConfig {
        SettingCheck.require(learningRate > 0, "learning-rate=" + learningRate, "more than 0");
        SettingCheck.requireSteps("warmup-steps", warmupSteps);
        SettingCheck.require(holdShare >= 0 && holdShare <= 1, "hold-share=" + holdShare, "0 to 1");
        SettingCheck.require(floorShare >= 0 && floorShare <= 1, "floor-share=" + floorShare, "0 to 1");
        SettingCheck.require(weightDecay >= 0, "weight-decay=" + weightDecay, "0 or more");
        SettingCheck.require(clipNorm > 0, "clip-norm=" + clipNorm, "more than 0");
        SettingCheck.require(skipShare >= 0 && skipShare <= 1, "skip-share=" + skipShare, "0 to 1");
        SettingCheck.require(
                optimizerState.equals("fp32") || optimizerState.equals("bf16"),
                "optimizer-state=" + optimizerState,
                "fp32 or bf16");
    }

    /** Element type of the moments. */
    DType moments() {
        return optimizerState.equals("bf16") ? DType.BF16 : DType.F32;
    }
}
