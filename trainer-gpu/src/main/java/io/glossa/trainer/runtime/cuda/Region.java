package io.glossa.trainer.runtime.cuda;

/** Memory of a GPU for whatever runs now, as large as the largest that asked for it. */
final class Region implements AutoCloseable {
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
        }
        return address;
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
