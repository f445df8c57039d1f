package io.glossa.trainer.emit.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.GpuKernel.Launch;
import io.glossa.trainer.ir.Node;
import java.util.List;

/**
 * The kernels of the primitives that have one of their own, but for products. Sums are added in an order that depends on
 * the shapes alone: a scatter's in the order of its ids.
 */
final class ArrayKernels {
    private static final String HEADER = "arrays.cuh";

    private static final int GATHER_THREADS = 256;
    private static final int GATHER_WORDS = 4 * GATHER_THREADS;

    private static final int SCATTER_THREADS = 512;

    /** Of a block: 8192 matches of 8 bytes. */
    private static final int SCATTER_SHARED = 64 << 10;

    /** Numbers in a row from which on a warp adds it up. */
    private static final int WIDE_ROW = 32;

    /** Vectors of columns that a block of wide rows has. */
    private static final int WIDE_VECTORS = 128;

    private static final int CUMSUM_THREADS = 1024;

    /** Blocks that keep a large GPU busy. */
    private static final int BLOCKS = 132;

    private ArrayKernels() {}

    static GpuKernel of(Node node) {
        return switch (node.op()) {
            case GATHER -> gather(node);
            case SCATTER_ADD -> scatterAdd(node);
            case CUMSUM -> cumsum(node);
            default -> throw GlossaException.internal("Cannot emit " + node + ": expected a kernel for " + node.op());
        };
    }

    private static GpuKernel gather(Node node) {
        long rows = node.input(0).shape().dim(0);
        long row = node.input(0).type().bytes() / rows;
        int word = (int) Math.min(16, Long.lowestOneBit(row));
        long words = node.type().bytes() / word;
        if (words > Integer.MAX_VALUE) {
            throw GlossaException.internal("Cannot emit " + node + ": found " + words + " words of " + word
                    + " bytes, expected at most " + Integer.MAX_VALUE);
        }
        return kernel(
                new Launch(
                        "gl_gather<GlWord<" + word + ">::type>",
                        GpuKernel.blocks(words, GATHER_WORDS),
                        1,
                        1,
                        GATHER_THREADS,
                        0),
                words,
                row / word,
                rows);
    }

    private static GpuKernel scatterAdd(Node node) {
        long ids = node.input(1).shape().size();
        long width = node.input(0).shape().size() / ids;
        long rows = node.shape().dim(0);
        String type = type(node);
        if (width < WIDE_ROW) {
            long tile = Math.max(1, Math.min(Math.max(16, GpuKernel.blocks(rows, BLOCKS)), 1024 / width));
            String function = "gl_scatter_narrow<" + type + ", " + (width == 1) + ">";
            return kernel(
                    new Launch(function, GpuKernel.blocks(rows, tile), 1, 1, SCATTER_THREADS, SCATTER_SHARED),
                    ids,
                    width,
                    rows,
                    tile);
        }
        int vector = width % 4 == 0 ? 4 : 1;
        long across = GpuKernel.blocks(width, (long) vector * WIDE_VECTORS);
        long tile = Math.max(16, Math.min(256, GpuKernel.blocks(rows * across, 4 * BLOCKS)));
        String function = "gl_scatter_wide<" + type + ", " + vector + ">";
        return kernel(
                new Launch(function, GpuKernel.blocks(rows, tile), across, 1, SCATTER_THREADS, SCATTER_SHARED),
                ids,
                width,
                rows,
                tile);
    }

    private static GpuKernel cumsum(Node node) {
        long columns = node.shape().dim(-1);
        String function = "gl_cumsum<" + type(node) + ", " + (columns % 4 == 0 ? 4 : 1) + ">";
        return kernel(new Launch(function, node.shape().size() / columns, 1, 1, CUMSUM_THREADS, 0), columns);
    }

    private static GpuKernel kernel(Launch launch, Long... numbers) {
        return new GpuKernel(HEADER, List.of(launch), 0, List.of(numbers));
    }

    private static String type(Node node) {
        return node.type().dtype() == DType.I32 ? "int32_t" : "float";
    }
}
