package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/** The half of the {@link Encoder} that takes frames of 40 ms, whether of speech or of text. */
public final class SharedEncoder {
    private final Conformer blocks;

    /** Declares the parameters under {@code encoder.blocks}. */
    public SharedEncoder(Scope root, ModelConfig config) {
        Scope at = root.child(Encoder.PATH).child("blocks");
        blocks = new Conformer(at, root.child(Encoder.ADAPTERS), config, config.layers());
    }

    /**
     * @param x [B, T, d]
     * @param lengths of its rows
     * @return [B, T, d]; finite, and of no meaning, beyond an utterance's length
     */
    public Tensor apply(Tensor x, Lengths lengths) {
        return blocks.apply(x, lengths.mask());
    }
}
