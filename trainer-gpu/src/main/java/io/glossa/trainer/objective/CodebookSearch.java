package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * (rows [R, K·w], codebooks [K, V, w]) → I32 [K, R]: in each book the code of largest inner product with the book's part
 * of the row, the first where several are.
 */
record CodebookSearch() implements Composite {
    /** Of a block on a GPU, and the floats of its codes that are in shared memory at a time. */
    private static final int THREADS = 128;

    private static final int TILE = 2048;

    /** What a thread has registers for; wider codes are searched as a product. */
    private static final int MAX_WIDTH = 64;

    /** Some times as many blocks as a large GPU runs at a time. */
    private static final int BLOCKS = 2640;

    @Override
    public String name() {
        return "codebook search";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.i32(inputs.get(1).shape().dim(0), inputs.get(0).shape().dim(0));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor books = in.get(1);
        Tensor rows =
                in.get(0).reshape(in.get(0).dim(0), books.dim(0), books.dim(2)).permute(1, 0, 2);
        return Tensor.call(new ArgMax(), rows.matmul(books.transpose()));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel("codebook_search.h", "glossa_codebook_search", extents(inputs)));
    }

    /** Rows and splits of the codes are as many as keep the GPU busy to the end; each split's best is kept meanwhile. */
    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        long rows = inputs.get(0).shape().dim(0);
        long books = inputs.get(1).shape().dim(0);
        long codes = inputs.get(1).shape().dim(1);
        int width = inputs.get(1).shape().dim(2);
        if (width > MAX_WIDTH) {
            return Optional.empty();
        }
        int padded = Math.max(4, Integer.highestOneBit(2 * width - 1));
        int rowsPerThread = Math.min(4, MAX_WIDTH / padded);
        long tile = TILE / padded;
        long rowBlocks = GpuKernel.blocks(rows, (long) rowsPerThread * THREADS);
        long wanted = Math.max(1, BLOCKS / (rowBlocks * books));
        long each = GpuKernel.blocks(GpuKernel.blocks(codes, tile), wanted) * tile;
        long splits = GpuKernel.blocks(codes, each);
        List<Long> numbers = new ArrayList<>(extents(inputs));
        numbers.addAll(List.of(each, splits));
        String search = "gl_codebook_search<" + padded + ", " + rowsPerThread + ">";
        return Optional.of(new GpuKernel(
                "codebook_search.cuh",
                List.of(
                        new GpuKernel.Launch(search, rowBlocks, splits, books, THREADS, 0),
                        new GpuKernel.Launch(
                                "gl_codebook_choose", GpuKernel.blocks(rows, THREADS), books, 1, THREADS, 0)),
                splits * books * rows * (Float.BYTES + Integer.BYTES),
                numbers));
    }

    /** R, K, V, w. */
    private static List<Long> extents(List<Type> inputs) {
        Shape books = inputs.get(1).shape();
        return List.of(
                (long) inputs.get(0).shape().dim(0), (long) books.dim(0), (long) books.dim(1), (long) books.dim(2));
    }
}
