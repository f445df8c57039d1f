package io.glossa.trainer.nn;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Conformer blocks, one after the other. */
final class Conformer {
    private final ModelConfig config;
    private final List<ConformerBlock> blocks = new ArrayList<>();

    /**
     * Declares the parameters of block i under {@code at.i}, and those of its adapters under {@code adapters.i}.
     *
     * @param count of blocks, 0 or more
     */
    Conformer(Scope at, Scope adapters, ModelConfig config, int count) {
        this.config = config;
        for (int i = 0; i < count; i++) {
            blocks.add(new ConformerBlock(at.child(i), adapters.child(i), config));
        }
    }

    /**
     * @param x [B, T, d]
     * @param real F32 [B, T, 1]: 1 for frames that count, 0 for others, which nothing else depends on
     */
    Tensor apply(Tensor x, Tensor real) {
        if (blocks.isEmpty()) {
            return x;
        }
        AttentionSpan span = config.span(x.dim(1));
        HostTensor table = RelativeAttention.distances(span, config.dModel());
        Tensor distances = x.data("distances." + span.left() + "." + span.right(), table);
        Tensor y = x;
        for (ConformerBlock block : blocks) {
            y = block.apply(y, real, distances);
        }
        return y;
    }
}
