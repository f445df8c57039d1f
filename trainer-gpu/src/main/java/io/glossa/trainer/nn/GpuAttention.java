package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.GpuKernel.Launch;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernels of {@link ChunkAttention} on tensor cores: BF16 only, heads of up to 128. A block has the rows of a few warps, 16
 * each, and goes over a chunk, or what its rows see of it, 32 frames at a time, of which shared memory holds two tiles. Two
 * blocks fit on a multiprocessor of sm_90, in registers and in shared memory.
 */
record GpuAttention(ChunkAttention of, Shape q) {
    private static final int LARGEST_HEAD = 128;
    private static final int ROWS = 16;
    private static final int TILE = 32;
    private static final int MATRIX = 64;
    private static final int WARP = 32;

    /** Of a block; twice as many leave each thread 128 registers. */
    private static final int MOST_WARPS = 8;

    /** Of one that makes scores; twice as many leave each thread 168 registers. */
    private static final int MOST_OF_SCORES = 6;

    private static final int BF16 = 2;

    /** Blocks that keep a large GPU busy. */
    private static final int BLOCKS = 264;

    private static final int SUM_THREADS = 256;

    /** Empty where the decomposition is run. */
    static Optional<GpuAttention> of(ChunkAttention attention, List<Type> inputs) {
        Shape q = inputs.get(0).shape();
        return inputs.get(0).dtype() == DType.BF16 && q.dim(1) / attention.heads() <= LARGEST_HEAD
                ? Optional.of(new GpuAttention(attention, q))
                : Optional.empty();
    }

    GpuKernel forward() {
        Tiles rows = Tiles.of(chunk(), MOST_OF_SCORES);
        return new GpuKernel(
                "attention.cuh",
                List.of(launch("gl_chunk_attention", chunks() * rows.count(), rows, met(rows))),
                0,
                numbers(rows.count()));
    }

    GpuKernel gradient() {
        int all = of.span().distances();
        Tiles scores = Tiles.of(chunk(), MOST_OF_SCORES);
        Tiles rows = Tiles.of(chunk(), MOST_WARPS);
        Tiles distances = Tiles.of(all, MOST_WARPS);
        long most = Math.max(1, BLOCKS / (distances.count() * of.heads()));
        long part = GpuKernel.blocks(chunks(), most);
        long parts = GpuKernel.blocks(chunks(), part);
        long blocks = chunks() * rows.count();
        int left = TILE * rows.rows() * BF16;
        int skewed = 2 * TILE * (distances.rows() + 8) * BF16;
        List<Launch> launches = List.of(
                launch("gl_attention_weights", chunks() * scores.count(), scores, met(scores)),
                launch("gl_attention_dqkv", 3 * blocks, rows, Math.max(rows(2 * TILE) + 2 * left, rows(rows.rows()))),
                launch("gl_attention_dr", blocks, rows, rows(ring(rows))),
                launch("gl_attention_dp", parts * distances.count(), distances, rows(2 * TILE) + skewed),
                new Launch(
                        "gl_attention_dp_sum<" + steps() + band(),
                        GpuKernel.blocks((long) all * q.dim(1), SUM_THREADS),
                        1,
                        1,
                        SUM_THREADS,
                        0));
        long kept = 2 * matrices() * MATRIX * chunks() * of.heads() * BF16;
        long sums = parts * of.heads() * all * steps() * ROWS * Float.BYTES;
        return new GpuKernel(
                "attention_gradient.cuh",
                launches,
                kept + sums,
                numbers(scores.count(), rows.count(), distances.count(), part, parts));
    }

    private int chunk() {
        return of.span().chunk();
    }

    private int chunks() {
        return q.dim(0) / chunk();
    }

    private List<Long> numbers(Long... more) {
        return Stream.concat(of.numbers(q).stream(), Stream.of(more)).toList();
    }

    /** What is kept of a head of a chunk, in matrices of 8 rows and 8 keys: see GlKept. */
    private long matrices() {
        long blocks = 2 * GpuKernel.blocks(chunk(), ROWS);
        long across = 2 * ((of.span().distances() + 2 * ROWS - 3) / ROWS + 1);
        return of.span().isWhole() ? blocks * blocks : blocks * (Math.min(blocks, across) + 1);
    }

    /** The end of a function's name. */
    private String band() {
        return of.span().isWhole() ? ">" : ", true>";
    }

    private Launch launch(String function, long blocks, Tiles tiles, int shared) {
        return new Launch(
                function + "<" + steps() + ", " + vector() + band(),
                blocks,
                of.heads(),
                1,
                tiles.warps() * WARP,
                shared);
    }

    private int size() {
        return q.dim(1) / of.heads();
    }

    /** Of 16 in a head. */
    private int steps() {
        return (size() + ROWS - 1) / ROWS;
    }

    /** Elements of a head's row that move at once. */
    private int vector() {
        return size() % 8 == 0 ? 8 : size() % 4 == 0 ? 4 : 1;
    }

    /** Bytes of rows of a head in shared memory; 16 more for each, so that they lie in different banks. */
    private int rows(int count) {
        return count * (steps() * ROWS + 8) * BF16;
    }

    /** Bytes for keys and values of two tiles, the distances, and the rows of an operand that stays. */
    private int met(Tiles rows) {
        return rows(4 * TILE + ring(rows) + rows.rows());
    }

    /** Rows for the distances that a block meets, the next tile's too. */
    private static int ring(Tiles rows) {
        return rows.rows() + 2 * TILE;
    }

    /** The rows of a product in tiles of a block each, about as many in each of them. */
    private record Tiles(long count, int warps) {
        static Tiles of(int rows, int mostWarps) {
            int groups = (rows + ROWS - 1) / ROWS;
            int fewest = (groups + mostWarps - 1) / mostWarps;
            int warps = (groups + fewest - 1) / fewest;
            return new Tiles((groups + warps - 1) / warps, warps);
        }

        int rows() {
            return warps * ROWS;
        }
    }
}
