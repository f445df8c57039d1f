package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.glossa.trainer.ir.GpuKernel;
import java.util.Optional;

/**
 * Kernels and products on the processor, each done before the next.
 *
 * @param product of the library of products
 * @param ranks empty for one that trains alone
 * @param rank this one
 */
record EmulatedWork(Function product, Optional<EmulatedRanks> ranks, int rank) implements Gpu.Work {
    /** A kernel in a library of this machine. */
    record Emulated(Function entry) implements Gpu.Function {}

    /** A product has nothing to choose. */
    record Blas(ProductPlan plan) implements Gpu.Product {}

    @Override
    public void launch(Gpu.Function function, GpuKernel.Launch launch, long[] arguments) {
        long[] grid = {launch.x(), launch.y(), launch.z(), launch.threads(), launch.shared()};
        ((Emulated) function).entry().invokeVoid(new Object[] {arguments, grid});
    }

    @Override
    public void multiply(Gpu.Product prepared, Gpu.Factors at) {
        ProductPlan plan = ((Blas) prepared).plan();
        long size = plan.operands().bytes();
        long resultSize = plan.type().bytes();
        for (ProductPlan.Start start : plan.calls()) {
            for (long i = 0; i < plan.batches(); i++) {
                product.invokeVoid(new Object[] {
                    size,
                    resultSize,
                    plan.m(),
                    plan.n(),
                    plan.k(),
                    at.b() + size * (start.first() + i * plan.first().batch()),
                    plan.first().turned() ? 1L : 0L,
                    plan.first().leading(),
                    at.a() + size * (start.second() + i * plan.second().batch()),
                    plan.second().turned() ? 1L : 0L,
                    plan.second().leading(),
                    at.result()
                            + resultSize * (start.result() + i * plan.result().batch()),
                    plan.result().leading(),
                    at.bias()
                });
            }
        }
    }

    @Override
    public void begin(int number, Gpu.Collective collective) {
        ranks.ifPresentOrElse(all -> all.together(rank, collective), () -> collective.alone(this));
    }

    /** Each is done when it is begun. */
    @Override
    public void await(int number) {}

    @Override
    public void copy(long to, long from, long bytes) {
        NativeLibrary.getInstance("c")
                .getFunction("memcpy")
                .invokePointer(new Object[] {new Pointer(to), new Pointer(from), bytes});
    }
}
