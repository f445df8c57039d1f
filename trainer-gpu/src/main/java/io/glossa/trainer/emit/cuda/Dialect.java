package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.Resource;
import java.util.List;
import java.util.stream.Collectors;

/** What makes a GPU's kernels of their text, and so what comes before them in a translation unit. */
public enum Dialect {
    /** A CUDA compiler. GL_KERNEL begins an {@code extern "C"} kernel whose one argument is a struct of 64-bit integers. */
    CUDA("cuda/cuda.cuh"),

    /**
     * A C++17 compiler for x86-64, with {@code -fno-strict-aliasing}. GL_KERNEL begins an {@code extern "C" void name(const
     * int64_t* arguments, const int64_t* launch)}, which runs the blocks of a launch one after the other: their number
     * along each axis, threads, bytes of shared memory. It ends the process where a GPU would hang or fault.
     */
    EMULATED("cuda/fibers.h", "cuda/emulated.h");

    private final List<String> own;

    Dialect(String... own) {
        this.own = List.of(own);
    }

    /** The declarations that all kernels are written in. */
    public String prelude() {
        return own.stream().map(Dialect::resource).collect(Collectors.joining())
                + resource("prelude.h")
                + resource("cuda/prelude.cuh");
    }

    /** Hand-written kernels, which come after the prelude; see {@link io.glossa.trainer.ir.GpuKernel#header}. */
    public static String kernels(String header) {
        return Resource.header("emit/cuda/kernels", header);
    }

    private static String resource(String path) {
        return Resource.text("emit/" + path);
    }
}
