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
import java.util.stream.Stream;

/**
 * Softmax attention inside chunks with relative positions (Dai et al. 2019): (q, r, k, v [N·c, d], p [left + right + 1, d], keys
 * BOOL [N·c]) → [N·c, d], and below it what the gradient needs of the scores, see {@link #shape}. Row i sees the keys from i -
 * left to i + right of its chunk. The score of key j for row i is q·k plus r·p of the distance i - j, distances running from
 * left down to -right; keys that are false do not count. Each of the heads has its part of d.
 *
 * @param span of chunks of just this length
 */
record ChunkAttention(int heads, AttentionSpan span) implements Composite {
    /** In place of a score that must not count; finite, so that a row without real keys gives finite values. */
    private static final double MASKED = -1e9;

    /** The same of a key that a row does not see: nothing beside one that it sees, whether that counts or not. */
    private static final double UNSEEN = -2e9;

    /** The least log-sum-exp that is kept, exact in BF16: that of a row for which no key counts. */
    private static final double LOWEST = -16384;

    /** Rows of a block at least, of which the decomposition makes products where a row sees few keys. */
    private static final int LEAST_ROWS = 16;

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

    /** Keys and values, which are parts of one product with the queries. */
    @Override
    public boolean readsRowsApart(int input) {
        return input == 2 || input == 3;
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Shape q = in.get(0).shape();
        Tensor logSums = logSums(scores(in));
        int kept = shape(q).dim(0) - q.dim(0);
        Tensor below = logSums.pad(0, 0, kept * q.dim(1) - logSums.dim(0)).reshape(kept, q.dim(1));
        return joined(weights(in).matmul(windows(in.get(3))), q).concat(0, below);
    }

    /** Rows, and the keys that they see or some of them do: a whole chunk, or a part so that work grows with its length only. */
    Blocks blocks() {
        int c = span.chunk();
        return span.isWhole()
                ? new Blocks(c, c, 0, 0)
                : new Blocks(
                        c,
                        Math.min(c, Math.max(LEAST_ROWS, Math.max(span.left(), span.right()))),
                        span.left(),
                        span.right());
    }

    /** [heads, blocks, rows, keys of a window]. */
    Tensor weights(List<Tensor> in) {
        return Tensor.call(new Softmax(), scores(in));
    }

    /** Flat [heads · N · c]. */
    private Tensor logSums(Tensor scores) {
        Tensor top = scores.max(-1);
        Tensor sums = top.add(scores.sub(top).exp().sum(-1).log());
        Tensor rows = sums.maximum(sums.constant(LOWEST));
        int filled = blocks().count() * blocks().block();
        return rows.reshape(heads, -1, filled).slice(2, 0, span.chunk()).reshape(-1);
    }

    private Tensor scores(List<Tensor> in) {
        Blocks blocks = blocks();
        Tensor content = cut(in.get(0)).matmul(windows(in.get(2)).transpose());
        Tensor byDistance = inOne(cut(in.get(1)))
                .matmul(perHead(in.get(4), 1, span.distances()).transpose())
                .reshape(heads, content.dim(1), blocks.block(), span.distances())
                .shear(skew(), -1, blocks.window());
        Tensor scores = content.add(byDistance);
        Tensor counted = counted(in).where(scores, scores.constant(MASKED));
        return span.isWhole() ? counted : seen(counted).where(counted, counted.constant(UNSEEN));
    }

    /** Column j of a row is the distance j - i + skew, counted from the furthest one. */
    int skew() {
        return span.left() - blocks().before();
    }

    /** BOOL [1, blocks, 1, keys of a window]: which keys count. */
    Tensor counted(List<Tensor> in) {
        Tensor windows = blocks().windows(in.get(5).reshape(-1, span.chunk(), 1));
        return windows.reshape(1, windows.dim(0), 1, blocks().window());
    }

    /** BOOL as the scores: which keys a row sees. Rows and keys have numbers from 1 on; what is beyond the chunk has 0. */
    private Tensor seen(Tensor scores) {
        Blocks blocks = blocks();
        Tensor numbers = scores.constant(0)
                .iota(1, 1, span.chunk())
                .cast(DType.F32)
                .add(1)
                .reshape(1, span.chunk(), 1);
        Tensor row = blocks.cut(numbers);
        Tensor key = blocks.windows(numbers).transpose();
        Tensor seen = key.constant(0)
                .less(key)
                .and(row.sub(row.constant(span.left() + 1.0)).less(key))
                .and(key.less(row.add(span.right() + 1.0)));
        int chunks = scores.dim(1) / blocks.count();
        Shape each = Shape.of(chunks, blocks.count(), blocks.block(), blocks.window());
        return seen.expand(each).reshape(1, scores.dim(1), blocks.block(), blocks.window());
    }

    /** [N·c, d] → [heads, blocks, rows, d / heads]. */
    Tensor cut(Tensor x) {
        Tensor rows = blocks().cut(x.reshape(-1, span.chunk(), x.dim(1)));
        return perHead(rows, rows.dim(0), rows.dim(1));
    }

    /** [N·c, d] → [heads, blocks, keys of a window, d / heads]. */
    Tensor windows(Tensor x) {
        Tensor keys = blocks().windows(x.reshape(-1, span.chunk(), x.dim(1)));
        return perHead(keys, keys.dim(0), keys.dim(1));
    }

    Tensor perHead(Tensor x, int n, int length) {
        return x.reshape(n, length, heads, x.dim(-1) / heads).permute(2, 0, 1, 3);
    }

    /** [heads, n, length, …] → [heads, 1, n · length, …]. */
    Tensor inOne(Tensor x) {
        return x.reshape(heads, 1, x.dim(1) * x.dim(2), x.dim(3));
    }

    /** The rows of blocks, back to rows of all heads. */
    Tensor joined(Tensor x, Shape shape) {
        int batch = shape.dim(0) / span.chunk();
        return blocks().joined(side(x), batch).reshape(shape.dims());
    }

    /** The transpose of {@link #windows}. */
    Tensor folded(Tensor x, Shape shape) {
        int batch = shape.dim(0) / span.chunk();
        return blocks().folded(side(x), batch).reshape(shape.dims());
    }

    /** Heads side by side: [n, length, d]. */
    static Tensor side(Tensor x) {
        return x.permute(1, 2, 0, 3).reshape(x.dim(1), x.dim(2), x.dim(0) * x.dim(3));
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
                all.slice(0, 4 * frames, 4 * frames + span.distances()),
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
        return Optional.of(new Kernel("attention.h", function + suffix, numbers(x)));
    }

    /** N, c, heads, d, left, right. */
    List<Long> numbers(Shape x) {
        return Stream.of(x.dim(0) / span.chunk(), span.chunk(), heads, x.dim(1), span.left(), span.right())
                .map(Integer::longValue)
                .toList();
    }
}
