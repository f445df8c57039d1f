package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelTimeTest {
    @Test
    void countsWhatAProgramMovesAndComputes() {
        Trace trace = new Trace();
        Program program = Program.inference("product", t -> {
            Tensor a = t.state("a", new Init.Normal(1), 7, 5);
            Tensor b = t.state("b", new Init.Normal(1), 5, 3);
            t.output("exp", a.matmul(b).exp());
        });
        try (CpuDevice cpu = CpuDevice.open(1, CpuDevice.defaultCache(), Dumps.NONE);
                Executable executable = Compile.program(program, trace, cpu);
                State state = cpu.allocate(trace.initial(0))) {
            assertThat(executable.times()).as("before any run").isEmpty();
            executable.run(state, Map.of());
            List<KernelTime> once = executable.times();
            executable.run(state, Map.of());

            assertThat(once).extracting(KernelTime::kernel).containsExactly("matmul [7,5] [5,3]", "exp 7×3");
            assertThat(once).extracting(KernelTime::bytes).containsExactly(4L * (35 + 15 + 21), 4L * (21 + 21));
            assertThat(once.get(0).flop()).isCloseTo(2 * 7 * 5 * 3, within(0.0));
            assertThat(once).allSatisfy(kernel -> assertThat(kernel.seconds()).isPositive());
            for (int i = 0; i < once.size(); i++) {
                assertThat(executable.times().get(i).seconds())
                        .isGreaterThan(once.get(i).seconds());
            }
        }
    }

    @Test
    void countsOnlyThePartThatIsRead() {
        Trace trace = new Trace();
        Program program = Program.inference("part", t -> {
            Tensor a = t.state("a", new Init.Normal(1), 6, 40);
            t.output("exp", a.slice(1, 0, 8).exp());
            t.output("product", a.slice(1, 8, 16).matmul(t.state("b", new Init.Normal(1), 8, 3)));
        });
        Graph joint = Joint.graph(program, trace);
        Lowered lowered = Compile.lowered("part", joint, Target.CUDA, Compile.Options.DEFAULTS, Dumps.NONE);

        assertThat(lowered.kernels())
                .extracting(kernel -> KernelTime.of(kernel, 0).bytes())
                .containsExactlyInAnyOrder(4L * (48 + 48), 4L * (48 + 24 + 18));
    }
}
