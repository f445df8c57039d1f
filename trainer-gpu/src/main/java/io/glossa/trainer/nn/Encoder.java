package io.glossa.trainer.nn;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The Conformer: log-mels → frames of 40 ms. An utterance gives the same frames padded or alone, to rounding. With attention in
 * chunks and a convolution that stops at their ends, no frame depends on what follows its chunk.
 */
public final class Encoder {
    private final ModelConfig config;
    private final Subsampling subsampling;
    private final List<ConformerBlock> blocks = new ArrayList<>();

    /** Declares the parameters under {@code encoder}, those of adapters under {@code adapters}. */
    public Encoder(Scope root, ModelConfig config) {
        this.config = config;
        Scope at = root.child("encoder");
        subsampling = new Subsampling(at.child("subsampling"), config);
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new ConformerBlock(
                    at.child("blocks").child(i), root.child("adapters").child(i), config));
        }
    }

    /**
     * @param features F32 [B, T, mels], normalised
     * @param lengths of the features; {@code lengths.halved().halved()} are those of the result
     * @return [B, ⌈T/4⌉, d]; finite, and of no meaning, beyond an utterance's length
     */
    public Tensor apply(Tensor features, Lengths lengths) {
        Lengths half = lengths.halved();
        Tensor real = half.halved().mask();
        Tensor x = subsampling.apply(features, lengths.mask(), half.mask());
        AttentionSpan span = config.span(x.dim(1));
        HostTensor table = RelativeAttention.distances(span, config.dModel());
        Tensor distances = x.data("distances." + span.left() + "." + span.right(), table);
        for (ConformerBlock block : blocks) {
            x = block.apply(x, real, distances);
        }
        return x;
    }
}
