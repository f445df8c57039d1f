package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * The inputs of {@link ChunkAttention}, dy [N·c, d] and the value of the call → [4·N·c + 2c - 1, d]: the gradients of q, r, k,
 * v and p, one below the other.
 */
record ChunkAttentionGradient(ChunkAttention of) implements Composite {
    @Override
    public String name() {
        return "chunk attention gradient";
    }

    @Override
    public Type type(List<Type> inputs) {
        Type q = inputs.get(0);
        return new Type(q.dtype(), q.shape().with(0, 4 * q.shape().dim(0) + 2 * of.chunk() - 1));
    }

    @Override
    public boolean isProduct() {
        return true;
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        int c = of.chunk();
        int frames = in.get(0).dim(0);
        Tensor weights = of.weights(in);
        Tensor dy = of.split(in.get(6));
        Tensor dWeights = dy.matmul(of.split(in.get(3)).transpose());
        Tensor slope = weights.mul(dWeights.sub(dWeights.mul(weights).sum(-1)));
        Tensor dScores = of.counted(in).where(slope, slope.constant(0));
        Tensor dShifted = dScores.shear(1 - c, 1, 2 * c - 1).reshape(of.heads(), 1, frames, 2 * c - 1);
        Tensor dq = dScores.matmul(of.split(in.get(2)));
        Tensor dr = dShifted.matmul(of.perHead(in.get(4), 1, 2 * c - 1))
                .reshape(dq.shape().dims());
        Tensor dk = dScores.transpose().matmul(of.split(in.get(0)));
        Tensor dv = weights.transpose().matmul(dy);
        Tensor dp = dShifted.transpose().matmul(of.perHead(in.get(1), 1, frames));
        return rows(dq, in)
                .concat(
                        0,
                        rows(dr, in),
                        rows(dk, in),
                        rows(dv, in),
                        ChunkAttention.rows(dp, in.get(4).shape()));
    }

    private static Tensor rows(Tensor x, List<Tensor> in) {
        return ChunkAttention.rows(x, in.get(0).shape());
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return of.kernel("glossa_chunk_attention_gradient", inputs);
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return GpuAttention.of(of, inputs).map(GpuAttention::gradient);
    }
}
