package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A deep and narrow training step under a budget for its activations. */
class BudgetTest {
    private static final int LAYERS = 6;
    private static final Map<String, HostTensor> BATCH = Map.of(
            "x",
            new Init.Normal(1).values("x", Shape.of(64, 32), 1),
            Trace.SEED,
            HostTensor.scalar(1),
            Trace.STEP,
            HostTensor.scalar(2));

    private static final Program PROGRAM = Program.training(
            "budget",
            trace -> {
                // Random numbers are kept in any case, as the result of the first convolution is in a real model.
                Tensor noise = Tensor.uniform(trace.seed(), trace.step(), 1, 64, 32);
                Tensor h = trace.batch("x", DType.F32, 64, 32).mul(noise);
                for (int i = 0; i < LAYERS; i++) {
                    Tensor product = h.matmul(trace.parameter("w" + i, new Init.Normal(0.2), 32, 32));
                    Tensor centred = product.sub(product.mean(1));
                    Tensor scale = centred.mul(centred).mean(1).add(1e-3).sqrt();
                    h = h.add(centred.div(scale).sigmoid());
                }
                trace.loss(h.mul(h).total().mul(1e-3));
            },
            (trace, parameters, gradients, share) -> parameters.forEach((name, parameter) ->
                    trace.update(name, parameter.sub(gradients.get(name).mul(0.01)))));

    private final Trace trace = new Trace();
    private final Graph joint = Joint.graph(PROGRAM, trace);

    @Test
    void lessMemoryGivesTheSameLossAndUpdates() {
        long free = arena(Long.MAX_VALUE);
        long tight = arena(free - 1);
        assertThat(tight).isLessThan(free);

        Map<String, HostTensor> expected = step(Long.MAX_VALUE);
        Map<String, HostTensor> found = step(free - 1);

        assertThat(found).containsOnlyKeys(expected.keySet()).hasSize(1 + LAYERS);
        expected.forEach((name, value) -> {
            for (int i = 0; i < value.floats().length; i++) {
                assertThat(found.get(name).at(i)).as("%s[%d]", name, i).isCloseTo(value.at(i), within(1e-5));
            }
        });
    }

    @Test
    void aBudgetThatIsKeptChangesNothing() {
        long free = arena(Long.MAX_VALUE);

        assertThat(arena(free)).isEqualTo(free);
    }

    @Test
    void aBudgetThatCannotBeKeptIsNamed() {
        assertThatThrownBy(() -> arena(1))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith("Cannot fit the activations of program 'budget' into 1 MB: found ")
                .hasMessageContaining("expected a budget of that or more (or a smaller batch)");
    }

    private long arena(long budget) {
        return Compile.lowered("budget", joint, Target.CPU, options(budget), Dumps.NONE)
                .arena()
                .bytes();
    }

    private Map<String, HostTensor> step(long budget) {
        try (CpuDevice cpu = CpuDevice.open(1, CpuDevice.defaultCache(), options(budget), Dumps.NONE);
                State state = cpu.allocate(trace.initial(0));
                Executable executable = cpu.load("budget", joint)) {
            Map<String, HostTensor> values = new TreeMap<>(executable.run(state, BATCH));
            state.names().forEach(name -> values.put(name, state.get(name)));
            return values;
        }
    }

    private static Compile.Options options(long budget) {
        return new Compile.Options(Compile.Grouping.FUSED, Precision.FP32, budget);
    }
}
