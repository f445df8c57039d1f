package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Communicator;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ranks that are threads of this process, each with an emulated GPU. */
final class EmulatedRanks {
    private static final Map<String, EmulatedRanks> BY_ID = new ConcurrentHashMap<>();
    private static final int PATIENCE_S = 120;

    private final float[][] operands;
    private final CyclicBarrier all;

    private EmulatedRanks(int count) {
        operands = new float[count][];
        all = new CyclicBarrier(count);
    }

    static EmulatedRanks of(Communicator communicator) {
        return BY_ID.computeIfAbsent(
                communicator.id(), id -> new EmulatedRanks(communicator.rank().count()));
    }

    /** Waits for all others, then adds up in the order of the ranks. */
    void allReduce(int rank, long result, long operand, int count) {
        operands[rank] = new Pointer(operand).getFloatArray(0, count);
        meet();
        float[] sums = operands[0].clone();
        for (int other = 1; other < operands.length; other++) {
            for (int i = 0; i < count; i++) {
                sums[i] += operands[other][i];
            }
        }
        new Pointer(result).write(0, sums, 0, count);
        meet();
    }

    private void meet() {
        try {
            all.await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw GlossaException.resource("Cannot add up over " + operands.length + " ranks: not all came within "
                            + PATIENCE_S + " s, expected all to run the same program")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot add up over ranks: interrupted")
                    .causedBy(e);
        }
    }
}
