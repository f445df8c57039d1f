package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmissionTest {
    @TempDir
    Path folder;

    @Test
    void everyFunctionIsWrittenAndCompiledForHopper() throws IOException {
        Emission emission = Emission.open(folder.resolve("cache"));
        Emission.Report report = emission.write(softmax(), folder.resolve("text"));

        assertThat(report.functions()).hasSizeGreaterThan(0);
        for (String function : report.functions()) {
            assertThat(Files.readString(folder.resolve("text").resolve(function + ".cu")))
                    .contains("GL_KERNEL(" + function + ", ");
        }
        emission.compilerName().orElseGet(() -> Devices.skip("no CUDA compiler here, neither NVRTC nor nvcc"));
        assertThat(report.uses()).extracting(KernelUse::kernel).containsExactlyElementsOf(report.functions());
        assertThat(report.uses()).allMatch(use -> use.registers() > 0 && !use.spills());
        assertThat(emission.write(softmax(), folder.resolve("text")).uses()).isEqualTo(report.uses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvrtc", "nvcc"})
    void eachCompilerSaysWhatIsWrong(String name) {
        Optional<? extends CudaCompiler> found = name.equals("nvcc")
                ? SearchPath.ofMachine().programs("nvcc").stream()
                        .flatMap(program -> Nvcc.of(program).stream())
                        .findFirst()
                : Libraries.ofMachine().anyNvrtc().map(Nvrtc::new);
        CudaCompiler compiler = found.isPresent() ? found.get() : Devices.skip("no " + name + " here");
        Cubins cubins = new Cubins(folder, compiler, Architecture.EMITTED, warning -> {});

        assertThat(cubins.library("good", "extern \"C\" __global__ void f() {}"))
                .exists();
        assertThatThrownBy(() -> cubins.library("bad", "__global__ void f() { g(); }"))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot compile kernels for sm_90: ")
                .hasMessageContaining("\"g\" is undefined")
                .hasMessageContaining(".failed.cu");
    }

    @Test
    void registersAndSpillsAreRead() {
        String log = """
                ptxas info    : 0 bytes gmem
                ptxas info    : Compiling entry function 'k_add_1' for 'sm_90'
                ptxas info    : Function properties for k_add_1
                    16 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads
                ptxas info    : Used 40 registers, used 1 barriers, 16 bytes stack frame, 1024 bytes smem
                ptxas info    : Compiling entry function 'k_mul_2' for 'sm_90'
                ptxas info    : Function properties for k_mul_2
                ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                ptxas info    : Used 8 registers, used 0 barriers
                """;

        assertThat(KernelUse.of(log))
                .containsExactly(new KernelUse("k_add_1", 40, 16, 4, 8, 1024), new KernelUse("k_mul_2", 8, 0, 0, 0, 0));
    }

    private static List<Kernel> softmax() {
        Trace trace = new Trace();
        Program program = Program.inference("softmax", t -> {
            Tensor x = t.parameter("x", new Init.Normal(1), 64, 192);
            Tensor e = x.matmul(x.transpose()).exp();
            t.output("y", e.div(e.sum(1).reshape(64, 1)));
        });
        Lowered lowered = Compile.lowered(
                "softmax", Joint.graph(program, trace), Target.CUDA, Compile.Options.DEFAULTS, Dumps.NONE);
        return lowered.kernels();
    }
}
