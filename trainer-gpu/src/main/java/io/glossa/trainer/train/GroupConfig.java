package io.glossa.trainer.train;

import io.glossa.trainer.objective.NamePattern;
import io.glossa.trainer.objective.ParameterGroups;
import java.util.List;

/**
 * Which parameters are trained, and how the encoder's are where they are trained otherwise than the rest. Equal choices have
 * equal text: rates are as Java prints them, patterns are sorted.
 *
 * @param encoderLearningRate peak of the encoder's own rate; {@value TrainConfig#AUTO}: the peak of the others
 * @param encoderWarmupSteps steps until that peak, from the delay on; {@value TrainConfig#AUTO}: as many as the others have
 * @param encoderDelaySteps steps for which the encoder's rate is 0
 * @param freeze patterns of names of parameters that stay as they are: {@link NamePattern}
 */
public record GroupConfig(
        String encoderLearningRate, String encoderWarmupSteps, int encoderDelaySteps, List<String> freeze) {
    static final GroupConfig DEFAULTS = new GroupConfig(TrainConfig.AUTO, TrainConfig.AUTO, 0, List.of());

    public GroupConfig {
        if (!encoderLearningRate.equals(TrainConfig.AUTO)) {
            double rate = number(encoderLearningRate);
            SettingCheck.require(
                    rate > 0 && Double.isFinite(rate),
                    "encoder-learning-rate=" + encoderLearningRate,
                    "more than 0 and finite, or " + TrainConfig.AUTO);
            encoderLearningRate = Double.toString(rate);
        }
        SettingCheck.requireSteps("encoder-warmup-steps", encoderWarmupSteps);
        SettingCheck.require(encoderDelaySteps >= 0, "encoder-delay-steps=" + encoderDelaySteps, "0 or more");
        freeze = freeze.stream().distinct().sorted().toList();
        freeze.forEach(NamePattern::new);
    }

    /** Whether the encoder has a rate of its own. */
    boolean encoderApart() {
        return !new GroupConfig(encoderLearningRate, encoderWarmupSteps, encoderDelaySteps, List.of()).equals(DEFAULTS);
    }

    /** The peak of the encoder's rate, where the others have this one. */
    double encoderPeak(double others) {
        return encoderLearningRate.equals(TrainConfig.AUTO) ? others : number(encoderLearningRate);
    }

    /** The groups that these settings mean. */
    ParameterGroups parameters() {
        return new ParameterGroups(freeze.stream().map(NamePattern::new).toList(), encoderApart());
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
