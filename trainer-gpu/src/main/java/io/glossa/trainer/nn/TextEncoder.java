package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Symbols of frames → frames as the {@link SpeechEncoder} makes them: an embedding, some of the Conformer's convolution modules,
 * each added to its input, and one Conformer block. "Google USM" (arXiv 2303.01037) names an embedding, an up-sampler and a Conformer
 * block; the convolutions are Maestro's (Chen et al. 2022, arXiv 2204.03409), which has three, before its up-sampler.
 */
public final class TextEncoder {
    private final Embedding embedding;
    private final List<ConvModule> convolutions = new ArrayList<>();
    private final Conformer block;

    /**
     * Declares the parameters under {@code text}.
     *
     * @param symbols the blank among them, 0, which stands for a frame whose symbol is hidden
     */
    public TextEncoder(Scope root, ModelConfig config, int symbols, int convolutions) {
        Scope at = root.child("text");
        embedding = new Embedding(at, symbols, config.dModel());
        for (int i = 0; i < convolutions; i++) {
            this.convolutions.add(new ConvModule(at.child("convolutions").child(i), config));
        }
        Scope adapters = root.child(Encoder.ADAPTERS).child("text");
        block = new Conformer(at.child("blocks"), adapters, config, 1);
    }

    /**
     * @param symbols I32 [B, T]
     * @param real F32 [B, T, 1]: 1 for frames that count, 0 for others, which nothing else depends on
     * @return [B, T, d]; finite, and of no meaning, where a frame does not count
     */
    public Tensor apply(Tensor symbols, Tensor real) {
        Tensor x = embedding.apply(symbols);
        for (ConvModule convolution : convolutions) {
            x = x.add(convolution.apply(x, real));
        }
        return block.apply(x, real);
    }
}
