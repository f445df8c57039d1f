package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.host.CompilerProcess;
import io.glossa.trainer.runtime.host.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** NVIDIA's compiler as a program of a CUDA toolkit. */
final class Nvcc implements CudaCompiler {
    /** As those of {@link Nvrtc}. */
    private static final List<String> FLAGS =
            List.of("-cubin", "-std=c++17", "-prec-div=false", "-prec-sqrt=false", "-Xptxas", "-v", "-w");

    private static final Pattern RELEASE = Pattern.compile("release ([\\d.]+)");

    private final CompilerProcess process;
    private final String version;

    private Nvcc(CompilerProcess process, String version) {
        this.process = process;
        this.version = version;
    }

    /** The compiler of this path or name; empty if there is none that starts. */
    static Optional<Nvcc> of(String compiler) {
        CompilerProcess process =
                new CompilerProcess("CUDA compiler", compiler, Duration.ofMinutes(10), "install a CUDA toolkit");
        try {
            CompilerProcess.Ended ended = process.run("compile kernels", List.of(compiler, "--version"));
            return ended.status() == 0 ? Optional.of(new Nvcc(process, ended.said())) : Optional.empty();
        } catch (GlossaException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "nvcc "
                + RELEASE.matcher(version)
                        .results()
                        .map(found -> found.group(1))
                        .findFirst()
                        .orElse("");
    }

    @Override
    public String identity() {
        return "nvcc " + version + FLAGS;
    }

    @Override
    public Result compile(String text, String architecture) {
        try {
            Path folder = Files.createTempDirectory("glossa-nvcc");
            try {
                Path source = Files.writeString(folder.resolve("kernels.cu"), text);
                Path image = folder.resolve("kernels.cubin");
                List<String> command = new ArrayList<>(List.of(process.compiler(), "-arch=" + architecture));
                command.addAll(FLAGS);
                command.addAll(List.of("-o", image.toString(), source.toString()));
                CompilerProcess.Ended ended = process.run("compile kernels", command);
                boolean done = ended.status() == 0 && Files.exists(image);
                return new Result(done ? Files.readAllBytes(image) : new byte[0], ended.said());
            } finally {
                Leftovers.delete(folder);
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot compile kernels: " + e.getMessage() + ", expected to write to "
                            + System.getProperty("java.io.tmpdir"))
                    .causedBy(e);
        }
    }
}
