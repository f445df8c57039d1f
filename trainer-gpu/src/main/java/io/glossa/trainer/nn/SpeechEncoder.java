package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/** The half of the {@link Encoder} that speech alone goes through: sub-sampling, and as many blocks as the model has for it. */
public final class SpeechEncoder {
    private final Subsampling subsampling;
    private final Conformer blocks;

    /** Declares the parameters under {@code encoder.subsampling} and {@code encoder.speech}. */
    public SpeechEncoder(Scope root, ModelConfig config) {
        Scope at = root.child(Encoder.PATH);
        Scope adapters = root.child(Encoder.ADAPTERS).child("speech");
        subsampling = new Subsampling(at.child("subsampling"), config);
        blocks = new Conformer(at.child("speech"), adapters, config, config.speechLayers());
    }

    /**
     * @param features F32 [B, T, mels], normalised
     * @param lengths of the features; {@code lengths.halved().halved()} are those of the result
     * @return [B, ⌈T/4⌉, d]; finite, and of no meaning, beyond an utterance's length
     */
    public Tensor apply(Tensor features, Lengths lengths) {
        Lengths half = lengths.halved();
        Tensor x = subsampling.apply(features, lengths.mask(), half.mask());
        return blocks.apply(x, half.halved().mask());
    }
}
