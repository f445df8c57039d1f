package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.runtime.host.NativeArray;
import java.util.List;

/**
 * Several launches of one function as one: in a GPU's memory, for each block of all of them whose it is and its number there,
 * then the arguments of each.
 *
 * @param launch with as many blocks as all of them
 * @param address of the table
 */
record LaunchTable(Gpu gpu, GpuKernel.Launch launch, long address) implements AutoCloseable {
    /** Of the function that is launched: see GL_PART of prelude.cuh. */
    static final int ARGUMENTS = 2;

    /** @param arguments of all launches, one after the other */
    static LaunchTable of(Gpu gpu, List<GpuKernel.Launch> launches, long[] arguments) {
        GpuKernel.Launch first = launches.get(0);
        long blocks = launches.stream().mapToLong(GpuKernel.Launch::x).sum();
        long bytes = Long.BYTES * (blocks + arguments.length);
        long address = gpu.allocate(bytes);
        try (NativeArray table = NativeArray.allocate(bytes)) {
            long at = 0;
            for (int part = 0; part < launches.size(); part++) {
                for (int block = 0; block < launches.get(part).x(); block++) {
                    table.address().setInt(at, part);
                    table.address().setInt(at + Integer.BYTES, block);
                    at += Long.BYTES;
                }
            }
            table.address().write(at, arguments, 0, arguments.length);
            gpu.write(address, table.address(), bytes);
        }
        GpuKernel.Launch all = new GpuKernel.Launch(first.function(), blocks, 1, 1, first.threads(), first.shared());
        return new LaunchTable(gpu, all, address);
    }

    long[] arguments() {
        return new long[] {address, address + Long.BYTES * launch.x()};
    }

    @Override
    public void close() {
        gpu.free(address);
    }
}
