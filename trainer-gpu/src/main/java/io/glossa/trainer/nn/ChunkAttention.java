package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Softmax attention inside chunks with relative positions (Dai et al. 2019): (q, r, k, v [N·c, d], p [2c - 1, d], keys
 * BOOL [N·c]) → [N·c, d], and below it what the gradient needs of the scores, see {@link #shape}. The score of key j for row i
 * is q·k plus r·p of the distance i - j, distances running from c - 1 down; keys that are false do not count. Each of the
 * heads has its part of d.
 *
 * @param chunk c
 */
record ChunkAttention(int heads, int chunk) implements Composite {
    /** In place of a score that must not count; finite, so that a chunk without real frames gives finite values. */
    private static final double MASKED = -1e9;

    /** The least log-sum-exp that is kept, exact in BF16: that of a row for which no key counts. */
    private static final double LOWEST = -16384;

    /** [N·c, d] of the same inputs. */
    Tensor apply(Tensor... in) {
        return Tensor.call(this, in).slice(0, 0, in[0].dim(0));
    }

    @Override
    public String name() {
        return "chunk attention";
    }

    @Override
    public Type type(List<Type> inputs) {
        Type q = inputs.get(0);
        return new Type(q.dtype(), shape(q.shape()));
    }

    /**
     * Below the values of q's shape, rows for the log-sum-exp of each row's scores, [heads, N·c], for what it is more than an
     * element can say, the same, and for zeros that fill the last row.
     */
    Shape shape(Shape q) {
        return q.with(0, q.dim(0) + Math.toIntExact(GpuKernel.blocks(2L * heads * q.dim(0), q.dim(1))));
    }

    @Override
    public boolean isProduct() {
        return true;
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Shape q = in.get(0).shape();
        Tensor logSums = logSums(scores(in));
        int kept = shape(q).dim(0) - q.dim(0);
        Tensor below = logSums.pad(0, 0, kept * q.dim(1) - logSums.dim(0)).reshape(kept, q.dim(1));
        return rows(weights(in).matmul(split(in.get(3))), q).concat(0, below);
    }

    /** [heads, N, c, c]. */
    Tensor weights(List<Tensor> in) {
        return Tensor.call(new Softmax(), scores(in));
    }

    /** Flat [heads · N · c]. */
    private static Tensor logSums(Tensor scores) {
        Tensor top = scores.max(-1);
        Tensor sums = top.add(scores.sub(top).exp().sum(-1).log());
        return sums.maximum(sums.constant(LOWEST)).reshape(-1);
    }

    private Tensor scores(List<Tensor> in) {
        int n = in.get(0).dim(0) / chunk;
        Tensor content = split(in.get(0)).matmul(split(in.get(2)).transpose());
        Tensor byDistance = perHead(in.get(1), 1, n * chunk)
                .matmul(perHead(in.get(4), 1, 2 * chunk - 1).transpose())
                .reshape(heads, n, chunk, 2 * chunk - 1)
                .shear(chunk - 1, -1, chunk);
        Tensor scores = content.add(byDistance);
        return counted(in).where(scores, scores.constant(MASKED));
    }

    /** BOOL [1, N, 1, c]: which keys count. */
    Tensor counted(List<Tensor> in) {
        return in.get(5).reshape(1, in.get(0).dim(0) / chunk, 1, chunk);
    }

    /** [N·c, d] → [heads, N, c, d / heads]. */
    Tensor split(Tensor x) {
        return perHead(x, x.dim(0) / chunk, chunk);
    }

    Tensor perHead(Tensor x, int n, int length) {
        return x.reshape(n, length, heads, x.dim(1) / heads).permute(2, 0, 1, 3);
    }

    /** Back to rows of all heads. */
    static Tensor rows(Tensor x, Shape shape) {
        return x.permute(1, 2, 0, 3).reshape(shape.dims());
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        int frames = in.get(0).dim(0);
        Tensor[] inputs = in.toArray(new Tensor[8]);
        inputs[6] = dy.slice(0, 0, frames);
        inputs[7] = y;
        Tensor all = Tensor.call(new ChunkAttentionGradient(this), inputs);
        return Optional.of(Arrays.asList(
                all.slice(0, 0, frames),
                all.slice(0, frames, 2 * frames),
                all.slice(0, 2 * frames, 3 * frames),
                all.slice(0, 3 * frames, 4 * frames),
                all.slice(0, 4 * frames, 4 * frames + 2 * chunk - 1),
                null));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return kernel("glossa_chunk_attention", inputs);
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return GpuAttention.of(this, inputs).map(GpuAttention::forward);
    }

    Optional<Kernel> kernel(String function, List<Type> inputs) {
        Shape x = inputs.get(0).shape();
        String suffix = inputs.get(0).dtype() == DType.BF16 ? "_bf16" : "_f32";
        return Optional.of(new Kernel(
                "attention.h", function + suffix, List.of((long) x.dim(0) / chunk, (long) chunk, (long) heads, (long)
                        x.dim(1))));
    }
}
