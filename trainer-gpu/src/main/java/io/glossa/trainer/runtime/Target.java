package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.cuda.CudaEmit;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Hardware;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.lower.ConvolutionsAsProducts;
import java.util.List;
import java.util.Map;

/** What the passes must know of the machine that runs a program. */
public enum Target {
    /** Loops in C++ with OpenMP; oneDNN. */
    CPU(64, 1, 64, Hardware.PROCESSOR) {
        @Override
        boolean hasKernel(Composite composite, List<Type> inputs) {
            return composite.cpuKernel(inputs).isPresent();
        }

        @Override
        Graph lowered(Graph graph) {
            return graph;
        }

        @Override
        Kernel kernel(Group group, Map<Node, Node> inPlace) {
            return Emit.kernel(group, inPlace);
        }
    },

    /** Grids of threads in CUDA C++; cuBLASLt, and convolutions as its products. */
    CUDA(1024, 2 * 132, 256, Hardware.GPU) {
        @Override
        boolean hasKernel(Composite composite, List<Type> inputs) {
            return composite.gpuKernel(inputs).isPresent();
        }

        @Override
        Graph lowered(Graph graph) {
            return ConvolutionsAsProducts.apply(graph);
        }

        @Override
        Kernel kernel(Group group, Map<Node, Node> inPlace) {
            return CudaEmit.kernel(group, inPlace);
        }
    };

    private final int parallelism;
    private final int wave;
    private final int alignment;
    private final Hardware hardware;

    Target(int parallelism, int wave, int alignment, Hardware hardware) {
        this.parallelism = parallelism;
        this.wave = wave;
        this.alignment = alignment;
        this.hardware = hardware;
    }

    /** Independent results, each of some work, that keep the machine busy. */
    int parallelism() {
        return parallelism;
    }

    /** How many of those run at once: of an H200's multiprocessors, two blocks each that take many registers. */
    int wave() {
        return wave;
    }

    /** Bytes whose multiples values in memory begin at. */
    int alignment() {
        return alignment;
    }

    Hardware hardware() {
        return hardware;
    }

    abstract boolean hasKernel(Composite composite, List<Type> inputs);

    /** Whether activations between kernels are kept in BF16 where products are computed in it. */
    boolean storesBf16() {
        return this == CUDA;
    }

    /** Without the primitives that the machine has no kernel for. */
    abstract Graph lowered(Graph graph);

    abstract Kernel kernel(Group group, Map<Node, Node> inPlace);
}
