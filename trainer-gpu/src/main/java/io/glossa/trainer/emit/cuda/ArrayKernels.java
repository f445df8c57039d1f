package io.glossa.trainer.emit.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;

/** The kernels of the primitives that have one of their own, but for products. */
final class ArrayKernels {
    private ArrayKernels() {}

    static GpuKernel of(Node node) {
        throw GlossaException.internal("Cannot emit " + node + ": expected a kernel for " + node.op());
    }
}
