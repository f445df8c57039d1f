package io.glossa.trainer.ranks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The memory of another process on this machine, which is read where it lies: process_vm_readv(2). Not for several threads. */
final class OtherMemory {
    /** prctl(2), where Yama else lets only parents read. */
    private static final int PR_SET_PTRACER = 0x59616d61;

    private static final NativeLibrary C = NativeLibrary.getInstance("c");
    private static final Function READ = C.getFunction("process_vm_readv");

    private final int process;

    /** The addresses and lengths of what is written and of what is read. */
    private final Memory extents = new Memory(4L * Long.BYTES);

    OtherMemory(int process) {
        this.process = process;
    }

    /** Lets other processes of this user read the memory of this one, as far as the system leaves that to it. */
    static void show() {
        C.getFunction("prctl").invokeInt(new Object[] {PR_SET_PTRACER, -1L, 0L, 0L, 0L});
    }

    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct.slice()));
    }

    /**
     * Fills a direct buffer.
     *
     * @throws IOException if there is no such process any more, or it may not be read
     */
    void read(long address, ByteBuffer into) throws IOException {
        long to = address(into);
        int bytes = into.remaining();
        for (long done = 0; done < bytes; ) {
            extents.write(0, new long[] {to + done, bytes - done, address + done, bytes - done}, 0, 4);
            long read = READ.invokeLong(new Object[] {process, extents, 1L, extents.share(2L * Long.BYTES), 1L, 0L});
            if (read <= 0) {
                throw new IOException(
                        "the memory of process " + process + " cannot be read, error " + Native.getLastError());
            }
            done += read;
        }
        into.position(into.limit());
    }
}
