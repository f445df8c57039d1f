package io.glossa.trainer.runtime.cpu;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Compiles and runs one program over a cache: here, or as a process of its own. */
final class CacheUser {
    private CacheUser() {}

    /** Prints "WARNING" lines, then "RESULT" or "ERROR". */
    public static void main(String[] args) {
        try {
            System.out.println("RESULT " + run(Path.of(args[0]), line -> System.out.println("WARNING " + line)));
        } catch (GlossaException e) {
            System.out.println("ERROR " + e.type() + " " + e.getMessage());
        }
    }

    static String run(Path cache, Consumer<String> warnings) {
        Trace trace = new Trace();
        Tensor x = trace.parameter("x", new Init.Normal(1), 7, 5);
        trace.output("y", x.matmul(x.transpose()).sigmoid());
        trace.output("z", x.abs().sum(1));
        Graph graph = Graph.of(trace.builder(), trace.outputs());
        BuildSetup setup = BuildSetup.ofEnvironment().withWarnings(warnings);
        try (CpuDevice cpu = CpuDevice.open(1, cache, Compile.Options.DEFAULTS, Dumps.NONE, setup, Communicator.NONE);
                State state = cpu.allocate(trace.initial(3));
                Executable program = cpu.load("test", graph)) {
            Map<String, HostTensor> found = program.run(state, Map.of());
            return Arrays.toString(found.get("y").floats())
                    + Arrays.toString(found.get("z").floats());
        }
    }

    /** Starts a process with this compiler, or with the usual one if it is empty. */
    static Process start(Path cache, String compiler) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CacheUser.class.getName(),
                cache.toString());
        if (!compiler.isEmpty()) {
            builder.environment().put("CXX", compiler);
        }
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** What a process printed, once it has ended. */
    static List<String> lines(Process process) throws IOException {
        try (var reader = process.inputReader()) {
            return reader.lines().toList();
        }
    }
}
