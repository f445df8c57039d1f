package io.glossa.trainer.ir;

import java.util.List;
import java.util.Optional;

/**
 * An operation above the primitives: a decomposition that always exists, and, by choice, a derivative and a kernel.
 *
 * <p>Implementations are records, so that equal calls are one node.
 */
public interface Composite {
    String name();

    Type type(List<Type> inputs);

    /** The same value in primitives and other composites. */
    Tensor decompose(List<Tensor> inputs);

    /**
     * Gradients for the inputs, null where there is none; or empty to differentiate the decomposition.
     *
     * @param dy gradient of a scalar with respect to the value, of the value's shape
     */
    default Optional<List<Tensor>> vjp(List<Tensor> inputs, Tensor y, Tensor dy) {
        return Optional.empty();
    }

    /** Whether its kernel for a GPU takes BF16 as well as F32, of each input by itself. */
    default boolean readsBf16() {
        return false;
    }

    /** Whether its work is in matrix products, so that F32 inputs may be rounded to BF16; its value mostly is BF16 then too. */
    default boolean isProduct() {
        return false;
    }

    /** Of a product: whether this input may be rounded; a value that is F32 in any case stays so. */
    default boolean rounds(int input) {
        return true;
    }

    /** Whether it is a linear layer's product of rows [N, in] and a weight [in, out], which may be computed in F8. */
    default boolean isLinear() {
        return false;
    }

    /**
     * Whether its kernel for a GPU takes this input, a matrix, if its rows lie apart, those of all such inputs as far. It is told how
     * far, in elements, behind its own numbers.
     */
    default boolean readsRowsApart(int input) {
        return false;
    }

    /** The kernel that computes it on a CPU; empty where its decomposition is run. */
    default Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.empty();
    }

    /** The kernel that computes it on a GPU; empty where its decomposition is run. */
    default Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return Optional.empty();
    }

    /**
     * A hand-written kernel: {@code void function(const int64_t* a)}, where a holds the addresses of the result and of
     * each input, dense and row-major, then the numbers.
     *
     * @param header resource under {@code io/glossa/trainer/emit/kernels} that defines the function
     */
    record Kernel(String header, String function, List<Long> numbers) {}
}
