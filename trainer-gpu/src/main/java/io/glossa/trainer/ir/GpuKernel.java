package io.glossa.trainer.ir;

import java.util.List;

/**
 * A hand-written kernel for a GPU: launches that run one after the other with the same arguments, an array {@code a} of
 * the addresses of the result, of each input and of the workspace, if any is asked for, then the numbers. Inputs are dense and
 * row-major, but for those that {@link Composite#readsRowsApart}.
 *
 * @param header resource under {@code io/glossa/trainer/emit/cuda/kernels} that defines the functions
 * @param workspace bytes of scratch memory that the launches share, 0 for none
 */
public record GpuKernel(String header, List<Launch> launches, long workspace, List<Long> numbers) {
    /**
     * @param function a device function {@code void f(const int64_t* a)}, with template arguments if it has any
     * @param x blocks along each axis of the grid
     * @param threads of a block
     * @param shared bytes of memory that a block asks for beside what the function declares
     */
    public record Launch(String function, long x, long y, long z, int threads, int shared) {}

    /** How many blocks, or whatever else shares out work, are needed where each does so much of it. */
    public static long blocks(long work, long each) {
        return (work + each - 1) / each;
    }
}
