package io.glossa.trainer.runtime.cuda;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Communicator;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * NVIDIA's library of collectives: sums over the GPUs of several processes. They go round in a ring, unless NCCL_ALGO says otherwise:
 * what NCCL takes by itself depends on the size, and sums in another order.
 */
final class Nccl implements AutoCloseable {
    private static final int FLOAT32 = 7;
    private static final int SUM = 0;
    private static final List<String> STATUS = List.of(
            "success",
            "a CUDA error",
            "a system error, such as of the network",
            "an internal error",
            "an argument it does not take",
            "calls that do not fit those of other ranks",
            "another rank is gone");

    /** What all ranks are given to find each other. */
    public static final class UniqueId extends Structure implements Structure.ByValue {
        public byte[] internal = new byte[128];

        @Override
        protected List<String> getFieldOrder() {
            return List.of("internal");
        }
    }

    private final Native library;
    private final long handle;
    private final AtomicBoolean gone = new AtomicBoolean();

    /**
     * Waits until all ranks are here, or this thread is interrupted.
     *
     * @param enter makes a thread's calls go to this rank's GPU
     */
    Nccl(Native library, Communicator communicator, Runnable enter) {
        this.library = library;
        NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {"NCCL_ALGO", "Ring", 0});
        ExecutorService meeting = Background.thread("glossa-nccl");
        try {
            handle = Background.result(
                    meeting.submit(() -> {
                        enter.run();
                        return met(communicator);
                    }),
                    "find the GPUs of other ranks");
        } finally {
            meeting.shutdown();
        }
    }

    private long met(Communicator communicator) {
        UniqueId id = new UniqueId();
        byte[] bytes = HexFormat.of().parseHex(communicator.id());
        id.internal = Arrays.copyOf(bytes, id.internal.length);
        long[] out = new long[1];
        call(
                "ncclCommInitRank",
                out,
                communicator.rank().count(),
                id,
                communicator.rank().index());
        return out[0];
    }

    /** A new id, as text. */
    static String id(Native library) {
        byte[] id = new byte[new UniqueId().internal.length];
        check(library, "ncclGetUniqueId", library.call("ncclGetUniqueId", (Object) id));
        return HexFormat.of().formatHex(id);
    }

    /** Puts it into a stream, in the order in which all ranks do. */
    void begin(Gpu.Collective collective, long stream) {
        if (gone.get()) {
            throw GlossaException.resource("Cannot add up over GPUs: a rank was lost, expected all to go on");
        }
        long result = collective.result();
        long operand = collective.operand();
        long floats = Math.min(collective.resultBytes(), collective.operandBytes()) / Float.BYTES;
        switch (collective.what()) {
            case ALL_REDUCE -> call("ncclAllReduce", operand, result, floats, FLOAT32, SUM, handle, stream);
            case REDUCE_SCATTER -> call("ncclReduceScatter", operand, result, floats, FLOAT32, SUM, handle, stream);
            default -> call("ncclAllGather", operand, result, floats, FLOAT32, handle, stream);
        }
    }

    private void call(String function, Object... arguments) {
        check(library, function, library.call(function, arguments));
    }

    private static void check(Native library, String function, int status) {
        if (status != 0) {
            String found = status < STATUS.size() ? STATUS.get(status) : "status " + status;
            throw GlossaException.resource("Cannot add up over GPUs: " + function + " of " + library.path() + " found "
                    + found + ", expected success (NCCL_DEBUG=INFO makes it say more)");
        }
    }

    /** Has what is under way on this rank's GPU end, whatever the others do; from any thread. */
    void abort() {
        if (gone.compareAndSet(false, true)) {
            library.call("ncclCommAbort", handle);
        }
    }

    @Override
    public void close() {
        if (gone.compareAndSet(false, true)) {
            library.call("ncclCommDestroy", handle);
        }
    }
}
