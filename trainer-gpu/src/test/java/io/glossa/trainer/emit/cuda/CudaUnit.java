package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.runtime.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        return compiled(folder, kernels, "-cubin", "-Xptxas", "-v");
    }

    /** The same kernels in PTX. */
    static String ptx(Path folder, String kernels) {
        compiled(folder, kernels, "-ptx");
        try {
            return Files.readString(folder.resolve("unit.out"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String compiled(Path folder, String kernels, String... options) {
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
        List<String> command =
                new ArrayList<>(List.of(nvcc.toString(), "-arch=sm_90", "-prec-div=false", "-prec-sqrt=false", "-w"));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", folder.resolve("unit.out").toString(), source.toString()));
        return EmulatedUnit.run(command);
    }
}
