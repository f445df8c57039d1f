package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;

/**
 * What attention to an encoder has beside it.
 *
 * @param decoderLayers blocks of the decoder, as wide as the encoder, with as many heads
 * @param labelSmoothing share of a target that is spread over all symbols (Szegedy et al. 2016)
 * @param ctcWeight see {@link CtcShare}
 */
public record LasConfig(int decoderLayers, double labelSmoothing, double ctcWeight) {
    public static final LasConfig DEFAULTS = new LasConfig(2, 0.1, CtcShare.DEFAULTS.ctcWeight());

    public LasConfig {
        if (decoderLayers < 1) {
            throw GlossaException.user("Cannot make a decoder of " + decoderLayers + " layers, expected at least 1");
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw GlossaException.user(
                    "Cannot set 'label-smoothing': found " + labelSmoothing + ", expected 0 or more and less than 1");
        }
        new CtcShare(ctcWeight);
    }
}
