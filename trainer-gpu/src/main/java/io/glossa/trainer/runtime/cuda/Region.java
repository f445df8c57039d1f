package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.runtime.host.NativeArray;
import java.util.Random;

/**
 * Memory of a GPU for whatever runs now, as large as the largest that asked for it. It begins as numbers of the size of
 * activations, not as zeros, on which products would race at another clock rate than in training.
 */
final class Region implements AutoCloseable {
    private static final long PATTERN = 1 << 20;

    private final Gpu gpu;
    private long address;
    private long bytes;

    Region(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Its address, another one than before if there had to be more; what was there is lost then. */
    long atLeast(long wanted) {
        if (address == 0 || bytes < wanted) {
            close();
            address = gpu.allocate(wanted);
            bytes = wanted;
            fill();
        }
        return address;
    }

    /** A block of random numbers, then copies of all that is there. */
    private void fill() {
        long block = Math.min(bytes, PATTERN);
        try (NativeArray numbers = NativeArray.allocate(PATTERN)) {
            Random random = new Random(0);
            for (long at = 0; at < PATTERN; at += Short.BYTES) {
                numbers.address().setShort(at, number(random.nextInt()));
            }
            gpu.write(address, numbers.address(), block);
        }
        for (long done = block; done < bytes; done *= 2) {
            gpu.work().copy(address + done, address, Math.min(done, bytes - done));
        }
    }

    /**
     * A BF16 number of any sign from 1/128 to 1/32; also as half of an F32 number and as two of F8. A product of a thousand of them
     * is as large as they are.
     */
    private static short number(int random) {
        int exponent = 120 + (random & 1);
        return (short) (random & 0x8000 | exponent << 7 | random >> 16 & 0x7E);
    }

    @Override
    public void close() {
        if (address != 0) {
            gpu.free(address);
            address = 0;
            bytes = 0;
        }
    }
}
