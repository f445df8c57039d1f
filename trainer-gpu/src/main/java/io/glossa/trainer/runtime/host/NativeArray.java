package io.glossa.trainer.runtime.host;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.glossa.trainer.ir.Bf16;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import java.util.concurrent.atomic.AtomicLong;

/** A block of native memory, aligned to 64 bytes. Whoever allocates it closes it. */
public record NativeArray(Memory block, Pointer address, long bytes) implements AutoCloseable {
    private static final long HUGE_PAGE = 2 << 20;

    /** From this size on memory in huge pages takes much less time to get. */
    private static final long LARGE = 2 * HUGE_PAGE;

    private static final int ADVISE_HUGE_PAGES = 14;
    private static final AtomicLong LIVE = new AtomicLong();

    /** Zeroed. */
    public static NativeArray allocate(long bytes) {
        NativeArray array = uncleared(bytes);
        array.block.clear();
        return array;
    }

    /** Of a tensor's size and value. */
    public static NativeArray of(HostTensor value) {
        NativeArray array = uncleared(value.type().bytes());
        write(array.address, value);
        return array;
    }

    private static NativeArray uncleared(long bytes) {
        Memory block = new Memory(Math.max(1, bytes) + 64);
        if (bytes >= LARGE) {
            long first = (Pointer.nativeValue(block) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
            long length = Pointer.nativeValue(block) + block.size() - first;
            // Only advice: where the system has no huge pages, all goes on as before.
            NativeLibrary.getInstance("c")
                    .getFunction("madvise")
                    .invokeInt(new Object[] {new Pointer(first), length / HUGE_PAGE * HUGE_PAGE, ADVISE_HUGE_PAGES});
        }
        long start = Pointer.nativeValue(block);
        LIVE.addAndGet(bytes);
        return new NativeArray(block, block.share((64 - start % 64) % 64), bytes);
    }

    /** Bytes allocated and not closed: zero when everybody kept house. */
    public static long live() {
        return LIVE.get();
    }

    public static void write(Pointer at, HostTensor value) {
        if (value.type().dtype() == DType.F32) {
            at.write(0, value.floats(), 0, value.floats().length);
        } else if (value.type().dtype() == DType.I32) {
            at.write(0, value.ints(), 0, value.ints().length);
        } else if (value.type().dtype() == DType.BF16) {
            short[] halves = new short[value.floats().length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Bf16.half(value.floats()[i]);
            }
            at.write(0, halves, 0, halves.length);
        } else {
            for (int i = 0; i < value.ints().length; i++) {
                at.setByte(i, (byte) value.ints()[i]);
            }
        }
    }

    public static HostTensor read(Pointer at, Type type) {
        HostTensor value = HostTensor.zeros(type);
        if (type.dtype() == DType.F32) {
            at.read(0, value.floats(), 0, value.floats().length);
        } else if (type.dtype() == DType.I32) {
            at.read(0, value.ints(), 0, value.ints().length);
        } else if (type.dtype() == DType.BF16) {
            short[] halves = new short[value.floats().length];
            at.read(0, halves, 0, halves.length);
            for (int i = 0; i < halves.length; i++) {
                value.floats()[i] = Bf16.of(halves[i]);
            }
        } else {
            for (int i = 0; i < value.ints().length; i++) {
                value.ints()[i] = at.getByte(i);
            }
        }
        return value;
    }

    @Override
    public void close() {
        LIVE.addAndGet(-bytes);
        block.close();
    }
}
