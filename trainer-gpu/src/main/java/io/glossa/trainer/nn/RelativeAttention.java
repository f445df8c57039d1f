package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.trace.Init;

/**
 * Multi-head self-attention with relative positions as in Transformer-XL (Dai et al. 2019): a score is (q + u)·k for the
 * content plus (q + v)·p for the distance. A frame sees what the model's {@link AttentionSpan} says.
 */
final class RelativeAttention {
    private final ModelConfig config;
    private final LayerNorm norm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear position;
    private final Linear output;
    private final Tensor contentBias;
    private final Tensor positionBias;

    RelativeAttention(Scope at, ModelConfig config) {
        this.config = config;
        int width = config.dModel();
        norm = new LayerNorm(at.child("norm"), width);
        query = Linear.of(at.child("query"), width, width);
        key = Linear.of(at.child("key"), width, width);
        value = Linear.of(at.child("value"), width, width);
        position = Linear.withoutBias(at.child("position"), width, width);
        output = Linear.of(at.child("output"), width, width);
        contentBias = at.parameter("content_bias", Init.ZEROS, width);
        positionBias = at.parameter("position_bias", Init.ZEROS, width);
    }

    /**
     * @param x [B, T, d]
     * @param real F32 [B, T, 1]: 1 for frames of the utterance, 0 beyond its length
     * @param distances the table of {@link #distances} for this span
     */
    Tensor apply(Tensor x, Tensor real, Tensor distances) {
        int batch = x.dim(0);
        int frames = x.dim(1);
        AttentionSpan span = config.span(frames);
        int c = span.chunk();
        int padding = (c - frames % c) % c;
        Tensor in = norm.apply(x.pad(1, 0, padding)).reshape(-1, config.dModel());

        Tensor q = query.apply(in);
        double scale = 1 / Math.sqrt((double) config.dModel() / config.heads());
        Tensor keys = real.constant(0).less(real.pad(1, 0, padding)).reshape(-1);
        Tensor y = new ChunkAttention(config.heads(), span)
                .apply(
                        q.add(contentBias).mul(scale),
                        q.add(positionBias).mul(scale),
                        key.apply(in),
                        value.apply(in),
                        position.apply(distances),
                        keys)
                .reshape(batch, frames + padding, config.dModel());
        return output.apply(y.slice(1, 0, frames));
    }

    /**
     * Sinusoids of the distances i - j from left down to -right: [left + right + 1, width], the sines in the first half of the
     * columns, the cosines in the second.
     */
    static HostTensor distances(AttentionSpan span, int width) {
        HostTensor table = HostTensor.zeros(new Type(DType.F32, Shape.of(span.distances(), width)));
        for (int row = 0; row < span.distances(); row++) {
            for (int i = 0; i < width / 2; i++) {
                double angle = (span.left() - row) * Math.pow(10000, -2.0 * i / width);
                table.floats()[row * width + i] = (float) Math.sin(angle);
                table.floats()[row * width + width / 2 + i] = (float) Math.cos(angle);
            }
        }
        return table;
    }
}
