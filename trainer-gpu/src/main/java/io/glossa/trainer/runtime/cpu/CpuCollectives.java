package io.glossa.trainer.runtime.cpu;

import io.glossa.error.Background;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ranks.Peers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What ranks do together in a run, one after the other, by a thread of its own beside the kernels. */
final class CpuCollectives implements AutoCloseable {
    private final Peers peers;
    private final ExecutorService thread = Background.thread("glossa-collectives");
    private final List<Future<?>> begun = new ArrayList<>();
    private int ended;
    private long awaitedNanos;

    CpuCollectives(Peers peers) {
        this.peers = peers;
    }

    /** Between two runs: what is begun from now on is part of a step. */
    void begin(long step) {
        peers.begin(step);
    }

    /** Until it has ended, its operand must stay and its result must not be read. */
    void begin(Op collective, ByteBuffer result, ByteBuffer operand) {
        begun.add(thread.submit(() -> {
            switch (collective) {
                case ALL_REDUCE -> peers.sum(result, operand);
                case REDUCE_SCATTER -> peers.reduceScatter(result, operand);
                default -> peers.allGather(result, operand);
            }
        }));
    }

    /** Waits for so many of those begun since the last {@link #end}. */
    void await(int count) {
        long started = System.nanoTime();
        while (ended < count) {
            Background.result(begun.get(ended), "add up over ranks");
            ended++;
        }
        awaitedNanos += System.nanoTime() - started;
    }

    /** How long {@link #await} has taken so far. */
    double awaitedSeconds() {
        return awaitedNanos * 1e-9;
    }

    /** Waits for all, and begins to count anew. */
    void end() {
        await(begun.size());
        begun.clear();
        ended = 0;
    }

    /** Leaves the other ranks; what is waited for fails. */
    void abandon() {
        peers.close();
    }

    /** Leaves the other ranks; returns when nothing is read or written any more. */
    @Override
    public void close() {
        peers.close();
        thread.shutdownNow();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true; // the memory of a collective is freed after this
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
