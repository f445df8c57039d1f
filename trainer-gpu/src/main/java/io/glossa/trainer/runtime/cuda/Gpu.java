package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.runtime.host.FunctionCache;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What programs need of a GPU. Work goes to one stream, in order; batches arrive beside it. Addresses are of the GPU's
 * memory. One thread at a time, but for {@link #send} and for memory.
 *
 * <p>Whatever the GPU refuses or breaks off is a {@link GlossaException} of type RESOURCE.
 */
interface Gpu extends AutoCloseable {
    /** A compiled kernel, loaded. */
    interface Function {}

    /** A product with its algorithm chosen. */
    interface Product {}

    /** Where the matrices of a product are; the bias is 0 where there is none. */
    record Factors(long result, long a, long b, long bias) {}

    /**
     * What all ranks do together with floats.
     *
     * @param what one of the collective primitives
     * @param resultBytes of the result; of a segment, or of all of them
     * @param segment which one is this rank's
     */
    record Collective(Op what, long result, long operand, long resultBytes, long operandBytes, long segment) {
        /** What one rank makes of it without the others. */
        void alone(Work work) {
            switch (what) {
                case ALL_REDUCE -> work.copy(result, operand, resultBytes);
                case REDUCE_SCATTER -> work.copy(result, operand + segment * resultBytes, resultBytes);
                default -> {
                    for (long at = 0; at < resultBytes; at += operandBytes) {
                        work.copy(result + at, operand, operandBytes);
                    }
                }
            }
        }
    }

    /** A copy on its way; closed when nobody waits for it any more. */
    interface Transfer extends AutoCloseable {
        @Override
        void close();
    }

    /** Memory of the machine that copies do not have to wait for. The caller closes it. */
    interface Pinned extends AutoCloseable {
        Pointer address();

        @Override
        void close();
    }

    /** Where work goes: to the GPU at once, or into a recording. */
    interface Work {
        /** @param arguments one word each, of as many as the function was compiled for */
        void launch(Function function, GpuKernel.Launch launch, long[] arguments);

        void multiply(Product product, Factors at);

        void copy(long to, long from, long bytes);

        /**
         * Begins what all ranks do together, which goes on beside other work, after those begun before.
         *
         * @param number of the collectives of a program, from 0
         */
        void begin(int number, Collective collective);

        /** Work from now on begins after a collective has ended, and so all before it. */
        void await(int number);
    }

    /** Work that was put down once, addresses and all, and runs as often as it is asked for. */
    interface Recording extends AutoCloseable {
        void replay();

        @Override
        void close();
    }

    /** A recording in pieces, with a clock between them. */
    interface Measured extends AutoCloseable {
        /** Does all pieces, one after the other; the seconds that each took on the GPU. */
        double[] replay();

        @Override
        void close();
    }

    String name();

    /** What the bits of its results hang on: the card, and the libraries that make its kernels and multiply. */
    String identity();

    /** What it is and what it is used through, a line each. */
    List<String> details();

    /** What functions are compiled after: text that every unit begins with. */
    String prelude();

    /** Compiles for this GPU and loads. */
    FunctionCache.Builder<Function> builder();

    /** Of its own memory; empty where it has the machine's. */
    OptionalLong freeBytes();

    /** Zeroed memory, aligned to 256 bytes. */
    long allocate(long bytes);

    void free(long address);

    Pinned pinned(long bytes);

    /** Starts to copy to the GPU beside all other work; whoever reads it waits for it first. From any thread. */
    Transfer send(long to, Pointer from, long bytes);

    /** Work from now on begins after the copy has arrived. */
    void await(Transfer transfer);

    /** Copies to the GPU, after all work so far. */
    void write(long to, Pointer from, long bytes);

    /** Copies from the GPU what is there when all work so far is done. */
    void read(Pointer to, long from, long bytes);

    Work work();

    /** Runs nothing yet. */
    Recording record(Consumer<Work> work);

    /** As above. Times are the GPU's own: nothing waits for the processor between two pieces. */
    Measured measured(List<Consumer<Work>> pieces);

    /**
     * The fastest way to compute this product. It is tried at once: the operands, which should not be zeros, are read and
     * the result is written.
     */
    Product product(ProductPlan plan, Factors at);

    /** Has what it does together with other ranks end soon, whatever they do; its results mean nothing. From any thread. */
    void abandon();

    @Override
    void close();
}
