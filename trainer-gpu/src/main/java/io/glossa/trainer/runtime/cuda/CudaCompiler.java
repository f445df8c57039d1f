package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;

/** Makes machine code of CUDA C++. */
interface CudaCompiler {
    /**
     * Code and what the compiler says about it, or why there is none.
     *
     * @param image machine code, or PTX with a zero at its end for the driver to compile; empty if the text does not compile
     * @param log registers, spilled bytes and shared memory of each function, as ptxas writes them; errors
     */
    record Result(byte[] image, String log) {
        boolean isDone() {
            return image.length > 0;
        }
    }

    /** With its version, for people. */
    String name();

    /** All that its code depends on beside the text and the architecture. */
    String identity();

    /**
     * @param architecture such as sm_90
     * @throws GlossaException of type RESOURCE if the compiler does not work
     */
    Result compile(String text, String architecture);
}
