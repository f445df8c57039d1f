package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.glossa.trainer.ir.GpuKernel;
import java.util.Optional;

/** Work on a stream of a GPU, which runs it or puts it into a graph. */
record NvidiaWork(Driver driver, Products products, Optional<NvidiaCollectives> ranks, long stream)
        implements Gpu.Work {
    private static final int MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;

    /** A kernel in the driver's hands. */
    record Loaded(long handle) implements Gpu.Function {}

    @Override
    public void launch(Gpu.Function function, GpuKernel.Launch launch, long[] arguments) {
        allowShared(((Loaded) function).handle(), launch);
        try (Memory block = new Memory(Long.BYTES * (long) Math.max(1, arguments.length))) {
            block.write(0, arguments, 0, arguments.length);
            driver.call(
                    "launch kernel " + launch.function(),
                    "cuLaunchKernel",
                    ((Loaded) function).handle(),
                    Math.toIntExact(launch.x()),
                    Math.toIntExact(launch.y()),
                    Math.toIntExact(launch.z()),
                    launch.threads(),
                    1,
                    1,
                    launch.shared(),
                    stream,
                    new Pointer[] {block},
                    null);
        }
    }

    /** What a kernel was allowed stays so: launches that were recorded before may need more than this one. */
    private void allowShared(long function, GpuKernel.Launch launch) {
        if (launch.shared() > 0) {
            String doing = "give kernel " + launch.function() + " " + launch.shared() + " bytes of shared memory";
            if (driver.number(doing, "cuFuncGetAttribute", MAX_DYNAMIC_SHARED_SIZE_BYTES, function) < launch.shared()) {
                driver.call(doing, "cuFuncSetAttribute", function, MAX_DYNAMIC_SHARED_SIZE_BYTES, launch.shared());
            }
        }
    }

    @Override
    public void multiply(Gpu.Product product, Gpu.Factors at) {
        products.multiply(product, at);
    }

    @Override
    public void begin(int number, Gpu.Collective collective) {
        ranks.ifPresentOrElse(all -> all.begin(number, collective), () -> collective.alone(this));
    }

    @Override
    public void await(int number) {
        ranks.ifPresent(all -> all.await(number));
    }

    @Override
    public void copy(long to, long from, long bytes) {
        driver.call("copy on the GPU", "cuMemcpyDtoDAsync_v2", to, from, bytes, stream);
    }
}
