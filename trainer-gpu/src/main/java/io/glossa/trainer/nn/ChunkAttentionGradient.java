package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * The inputs of {@link ChunkAttention}, dy [N·c, d] and the value of the call → [4·N·c + left + right + 1, d]: the gradients of
 * q, r, k, v and p, one below the other.
 */
record ChunkAttentionGradient(ChunkAttention of) implements Composite {
    @Override
    public String name() {
        return "chunk attention gradient";
    }

    @Override
    public Type type(List<Type> inputs) {
        Type q = inputs.get(0);
        return new Type(
                q.dtype(), q.shape().with(0, 4 * q.shape().dim(0) + of.span().distances()));
    }

    @Override
    public boolean isProduct() {
        return true;
    }

    @Override
    public boolean readsRowsApart(int input) {
        return of.readsRowsApart(input);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Shape rows = in.get(0).shape();
        int distances = of.span().distances();
        Tensor weights = of.weights(in);
        Tensor dy = of.cut(in.get(6));
        Tensor dWeights = dy.matmul(of.windows(in.get(3)).transpose());
        Tensor slope = weights.mul(dWeights.sub(dWeights.mul(weights).sum(-1)));
        Tensor dScores = of.counted(in).where(slope, slope.constant(0));
        Tensor dShifted = of.inOne(dScores.shear(-of.skew(), 1, distances));
        Tensor dq = dScores.matmul(of.windows(in.get(2)));
        Tensor dr = dShifted.matmul(of.perHead(in.get(4), 1, distances))
                .reshape(dq.shape().dims());
        Tensor dk = dScores.transpose().matmul(of.cut(in.get(0)));
        Tensor dv = weights.transpose().matmul(dy);
        Tensor dp = dShifted.transpose().matmul(of.inOne(of.cut(in.get(1))));
        return of.joined(dq, rows)
                .concat(
                        0,
                        of.joined(dr, rows),
                        of.folded(dk, rows),
                        of.folded(dv, rows),
                        ChunkAttention.side(dp).reshape(in.get(4).shape().dims()));
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
