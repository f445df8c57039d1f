package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/**
 * The Conformer: log-mels → frames of 40 ms. An utterance gives the same frames padded or alone, to rounding. With attention in
 * chunks and a convolution that stops at their ends, no frame depends on what follows its chunk.
 */
public final class Encoder {
    static final String PATH = "encoder";
    static final String ADAPTERS = "adapters";

    private final SpeechEncoder speech;
    private final SharedEncoder shared;

    /** Declares the parameters under {@code encoder}, those of adapters under {@code adapters}. */
    public Encoder(Scope root, ModelConfig config) {
        speech = new SpeechEncoder(root, config);
        shared = new SharedEncoder(root, config);
    }

    /**
     * @param features F32 [B, T, mels], normalised
     * @param lengths of the features; {@code lengths.halved().halved()} are those of the result
     * @return [B, ⌈T/4⌉, d]; finite, and of no meaning, beyond an utterance's length
     */
    public Tensor apply(Tensor features, Lengths lengths) {
        return shared.apply(speech.apply(features, lengths), lengths.halved().halved());
    }
}
