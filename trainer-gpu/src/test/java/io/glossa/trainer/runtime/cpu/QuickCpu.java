package io.glossa.trainer.runtime.cpu;

import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.host.BuildSetup;
import java.nio.file.Path;
import java.util.List;

/** The cpu device without the C++ compiler's optimizations: for thousands of kernels that each run once. */
public final class QuickCpu {
    private QuickCpu() {}

    /** @param cache a folder of its own, so that what is built only once does not fill the usual one */
    public static CpuDevice open(Path cache, Compile.Options options) {
        return CpuDevice.open(
                2, cache, options, Dumps.NONE, BuildSetup.ofEnvironment().withMore(List.of("-O0")), Communicator.NONE);
    }
}
