package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Op;
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
    private volatile boolean abandoned;

    private EmulatedRanks(int count) {
        operands = new float[count][];
        all = new CyclicBarrier(count);
    }

    static EmulatedRanks of(Communicator communicator) {
        return BY_ID.computeIfAbsent(
                communicator.id(), id -> new EmulatedRanks(communicator.rank().count()));
    }

    /** Waits for all others; adds up in the order of the ranks. */
    void together(int rank, Gpu.Collective collective) {
        operands[rank] = new Pointer(collective.operand()).getFloatArray(0, floats(collective.operandBytes()));
        meet();
        int size = floats(collective.resultBytes());
        float[] result = new float[size];
        if (collective.what() == Op.ALL_GATHER) {
            int segment = floats(collective.operandBytes());
            for (int other = 0; other < operands.length; other++) {
                System.arraycopy(operands[other], 0, result, other * segment, segment);
            }
        } else {
            int from = floats(collective.resultBytes() * collective.segment());
            for (float[] operand : operands) {
                for (int i = 0; i < size; i++) {
                    result[i] += operand[from + i];
                }
            }
        }
        new Pointer(collective.result()).write(0, result, 0, size);
        meet();
    }

    /** Whoever waits for others fails. */
    void abandon() {
        abandoned = true;
        all.reset();
    }

    private static int floats(long bytes) {
        return Math.toIntExact(bytes / Float.BYTES);
    }

    private void meet() {
        if (abandoned) {
            throw GlossaException.resource("Cannot add up over ranks: one was lost, expected all to go on");
        }
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
