package io.glossa.trainer.objective;

import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.GpuKernel.Launch;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * The GPU kernels of {@link CtcNll} and {@link CtcGradient}: the recursions by one block for each utterance, all else by
 * many for each.
 *
 * @param states of the longest utterance there can be, 2U + 1
 */
record CtcBlocks(long utterances, long frames, long symbols, long labels, int states) {
    private static final String HEADER = "ctc.cuh";

    private static final int MIN_THREADS = 64;
    private static final int MAX_THREADS = 1024;

    /** What a thread has registers for. */
    private static final int MAX_STATES_OF_THREAD = 4;

    private static final int ROW_THREADS = 128;
    private static final int WARP = 32;

    /** Empty if a block cannot hold the states. */
    static Optional<CtcBlocks> of(List<Type> inputs) {
        List<Long> extents = CtcLattice.extents(inputs);
        int states = 2 * extents.get(3).intValue() + 1;
        return states > MAX_STATES_OF_THREAD * MAX_THREADS
                ? Optional.empty()
                : Optional.of(new CtcBlocks(extents.get(0), extents.get(1), extents.get(2), extents.get(3), states));
    }

    GpuKernel nll() {
        Launch recursion = recursion("gl_ctc_nll");
        return new GpuKernel(HEADER, List.of(normalisers(), recursion), Float.BYTES * utterances * frames, numbers());
    }

    GpuKernel gradient() {
        Launch gradient = new Launch(
                "gl_ctc_gradient<" + vector() + ">", frames, utterances, 1, ROW_THREADS, states * Float.BYTES);
        long words = utterances * (frames + 1 + labels + frames * states);
        return new GpuKernel(
                HEADER,
                List.of(normalisers(), recursion("gl_ctc_alignments"), recursion("gl_ctc_backward"), gradient),
                Float.BYTES * words,
                numbers());
    }

    private Launch normalisers() {
        int rows = ROW_THREADS / WARP;
        long blocks = GpuKernel.blocks(utterances * frames, rows);
        return new Launch("gl_ctc_normalisers<" + vector() + ">", blocks, 1, 1, ROW_THREADS, 0);
    }

    private Launch recursion(String function) {
        int room = Math.max(MIN_THREADS, Integer.highestOneBit(2 * states - 1));
        int threads = Math.min(MAX_THREADS, room);
        return new Launch(function + "<" + threads + ", " + room / threads + ">", utterances, 1, 1, threads, 0);
    }

    private int vector() {
        return symbols % 4 == 0 ? 4 : 1;
    }

    private List<Long> numbers() {
        return List.of(utterances, frames, symbols, labels);
    }
}
