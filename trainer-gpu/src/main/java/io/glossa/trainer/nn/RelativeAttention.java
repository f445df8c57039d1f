package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.trace.Init;

/**
 * Multi-head self-attention inside chunks of fixed length, with relative positions as in Transformer-XL (Dai et al.
 * 2019): a score is (q + u)·k for the content plus (q + v)·p for the distance.
 *
 * <p>Every frame sees its own chunk only, in every layer ("Google USM", §2.3), so the cost is linear in the length.
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

    /** The length of a chunk for utterances of so many frames. */
    static int chunk(ModelConfig config, int frames) {
        return config.chunkFrames() == 0 ? frames : Math.min(config.chunkFrames(), frames);
    }

    /**
     * @param x [B, T, d]
     * @param real F32 [B, T, 1]: 1 for frames of the utterance, 0 beyond its length
     * @param distances the table of {@link #distances} for this chunk
     */
    Tensor apply(Tensor x, Tensor real, Tensor distances) {
        int batch = x.dim(0);
        int frames = x.dim(1);
        int c = chunk(config, frames);
        int padding = (c - frames % c) % c;
        Tensor in = norm.apply(x.pad(1, 0, padding)).reshape(-1, config.dModel());

        Tensor q = query.apply(in);
        double scale = 1 / Math.sqrt((double) config.dModel() / config.heads());
        Tensor keys = real.constant(0).less(real.pad(1, 0, padding)).reshape(-1);
        Tensor y = new ChunkAttention(config.heads(), c)
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
     * Sinusoids of the distances i - j from chunk - 1 down to -(chunk - 1): [2·chunk - 1, width], the sines in the first
     * half of the columns, the cosines in the second.
     */
    static HostTensor distances(int chunk, int width) {
        HostTensor table = HostTensor.zeros(new Type(DType.F32, Shape.of(2 * chunk - 1, width)));
        for (int row = 0; row < 2 * chunk - 1; row++) {
            for (int i = 0; i < width / 2; i++) {
                double angle = (chunk - 1 - row) * Math.pow(10000, -2.0 * i / width);
                table.floats()[row * width + i] = (float) Math.sin(angle);
                table.floats()[row * width + width / 2 + i] = (float) Math.cos(angle);
            }
        }
        return table;
    }
}
