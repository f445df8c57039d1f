package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.GpuKernel.Launch;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The GPU kernels of {@link Transducer}, {@link TransducerGradient} and {@link TransducerAlignment}: products by blocks of 64
 * cells, recursions by one block for each utterance. The gradient goes through the frames of the batch chunk by chunk.
 *
 * @param rows U + 1
 * @param type of the weight
 */
record TransducerBlocks(long utterances, long frames, long rows, long joint, long symbols, DType type) {
    private static final int TILE = 64;
    private static final int THREADS = 256;
    private static final int SYMBOLS_OF_BIAS = 32;

    /** What a block may have without asking for more. */
    private static final int SHARED = 48 << 10;

    /** Cells of a chunk, if that makes no more than so many chunks. */
    private static final long CHUNK = 1 << 15;

    private static final long MOST_CHUNKS = 64;
    private static final long FEWEST_CHUNKS = 2;

    /** Two for each multiprocessor of a large GPU. */
    private static final long WAVE = 264;

    /** Of the count of chunks, in the workspace. */
    private static final long COUNT_BYTES = 64;

    /** Empty if a block cannot hold two diagonals. */
    static Optional<TransducerBlocks> of(List<Type> inputs) {
        List<Long> n = Transducer.extents(inputs);
        return diagonals(n.get(2)) > SHARED
                ? Optional.empty()
                : Optional.of(new TransducerBlocks(
                        n.get(0),
                        n.get(1),
                        n.get(2),
                        n.get(3),
                        n.get(4),
                        Transducer.weight(inputs).dtype()));
    }

    static Optional<GpuKernel> alignment(long utterances, long frames, long rows) {
        return diagonals(rows) > SHARED
                ? Optional.empty()
                : Optional.of(new GpuKernel(
                        "transducer_lattice.cuh",
                        List.of(new Launch(
                                "gl_transducer_alignment", utterances, 1, 1, THREADS, (int) diagonals(rows))),
                        utterances * (frames + rows - 1) * rows,
                        List.of(utterances, frames, rows)));
    }

    GpuKernel value() {
        long cells = utterances * frames * rows;
        return new GpuKernel(
                "transducer.cuh",
                List.of(
                        launch("planes", GpuKernel.blocks(cells, TILE), 1),
                        new Launch("gl_transducer_losses", utterances, 1, 1, THREADS, (int) diagonals(rows))),
                0,
                numbers());
    }

    GpuKernel gradient() {
        long all = utterances * frames;
        long chunks = Math.max(GpuKernel.blocks(all * rows, CHUNK), FEWEST_CHUNKS);
        long chunkFrames = GpuKernel.blocks(all, Math.min(chunks, MOST_CHUNKS));
        long tiles = GpuKernel.blocks(chunkFrames * rows, TILE);
        long across = GpuKernel.blocks(symbols, TILE);
        long units = GpuKernel.blocks(joint, TILE);
        long splits = Math.max(1, Math.min(tiles, WAVE / (across * units)));
        long columns = GpuKernel.blocks(joint, THREADS);
        List<Launch> launches = new ArrayList<>();
        launches.add(new Launch(function("begin"), utterances, 1, 1, THREADS, (int) diagonals(rows)));
        for (long frame = 0; frame < all; frame += chunkFrames) {
            launches.add(launch("logits", tiles, across));
            launches.add(launch("back", tiles, units));
            launches.add(launch("frames", chunkFrames, columns));
            launches.add(launch("labels", rows, columns));
            launches.add(new Launch(function("weight"), units, across, splits, THREADS, 0));
            launches.add(launch("bias", GpuKernel.blocks(symbols, SYMBOLS_OF_BIAS), 1));
            launches.add(launch("next", 1, 1));
        }
        launches.add(launch("end", GpuKernel.blocks(joint * symbols, THREADS), 1));
        List<Long> numbers = new ArrayList<>(numbers());
        numbers.addAll(List.of(chunkFrames, splits));
        long chunk = tiles * TILE;
        long words =
                chunk * joint + splits * joint * symbols + 2 * all * rows + utterances * (frames + rows - 1) * rows;
        long logits = chunk * across * TILE * type.bytes();
        return new GpuKernel("transducer_gradient.cuh", launches, COUNT_BYTES + logits + Float.BYTES * words, numbers);
    }

    private Launch launch(String what, long x, long y) {
        return new Launch(function(what), x, y, 1, THREADS, 0);
    }

    private String function(String what) {
        return "gl_transducer_" + what + "<" + (type == DType.BF16 ? "gl_bf16" : "float") + ">";
    }

    private List<Long> numbers() {
        return List.of(utterances, frames, rows, joint, symbols);
    }

    /** Bytes of two diagonals, with a place before the first cell of each. */
    private static long diagonals(long rows) {
        return 2 * Float.BYTES * (rows + 1);
    }
}
