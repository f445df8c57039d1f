package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;

/**
 * What attention to an encoder has beside it. How much of the loss is CTC's is the usual share of hybrid recognisers (Watanabe et
 * al. 2017); the paper of "Google USM" does not say what it has.
 *
 * @param decoderLayers blocks of the decoder, as wide as the encoder, with as many heads
 * @param labelSmoothing share of a target that is spread over all symbols (Szegedy et al. 2016)
 * @param ctcWeight share of CTC's loss on the same encoder; 0: there is none
 */
public record LasConfig(int decoderLayers, double labelSmoothing, double ctcWeight) {
    public static final LasConfig DEFAULTS = new LasConfig(2, 0.1, 0.3);

    public LasConfig {
        if (decoderLayers < 1) {
            throw GlossaException.user("Cannot make a decoder of " + decoderLayers + " layers, expected at least 1");
        }
        requireShare("label-smoothing", labelSmoothing);
        requireShare("ctc-weight", ctcWeight);
    }

    private static void requireShare(String key, double share) {
        if (!(share >= 0 && share < 1)) {
            throw GlossaException.user(
                    "Cannot set '" + key + "': found " + share + ", expected 0 or more and less than 1");
        }
    }
}
