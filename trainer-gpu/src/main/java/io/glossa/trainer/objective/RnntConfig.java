package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;

/**
 * What a transducer has beside the encoder.
 *
 * @param predictionWidth of the prediction network
 * @param jointWidth of the joint network
 */
public record RnntConfig(int predictionWidth, int jointWidth) {
    public static final RnntConfig DEFAULTS = new RnntConfig(512, 512);

    public RnntConfig {
        if (predictionWidth < 1 || jointWidth < 1) {
            throw GlossaException.user("Cannot make a transducer of prediction-width " + predictionWidth
                    + " and joint-width " + jointWidth + ", expected at least 1 each");
        }
    }
}
