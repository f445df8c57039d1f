package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.runtime.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Kernels compiled for a GPU, where there is a compiler; else the test is skipped. */
final class CudaUnit {
    private CudaUnit() {}

    /**
     * What the compiler says of the registers, spills and shared memory of each kernel; errors.
     *
     * @param kernels text that comes after the prelude, with its GL_KERNELs
     */
    static String report(Path folder, String kernels) {
        Path nvcc = Arrays.stream((System.getenv("PATH") + ":/usr/local/cuda/bin").split(":"))
                .map(path -> Path.of(path, "nvcc"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Devices.skip("no nvcc here: CUDA kernels are not compiled"));
        Path source = folder.resolve("unit.cu");
        try {
            Files.writeString(source, Dialect.CUDA.prelude() + kernels);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return EmulatedUnit.run(List.of(
                nvcc.toString(),
                "-arch=sm_90",
                "-cubin",
                "-prec-div=false",
                "-prec-sqrt=false",
                "-w",
                "-Xptxas",
                "-v",
                "-o",
                folder.resolve("unit.cubin").toString(),
                source.toString()));
    }
}
