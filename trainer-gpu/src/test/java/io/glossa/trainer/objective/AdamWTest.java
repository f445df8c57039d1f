package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
    /** Three steps on 0.5·|3w|² + |b|, whose gradients are 9w and the sign of b, against the paper's algorithm. */
    @Test
    void stepsAreThoseOfTheAlgorithm() {
        double rate = 0.1;
        double decay = 0.02;
        double clip = 2;
        Program program = Program.training(
                "adamw",
                trace -> {
                    Tensor w = trace.parameter("w", new Init.Normal(1), 1, 2);
                    Tensor b = trace.parameter("b", new Init.Fill(0.5f), 1);
                    trace.loss(w.mul(w).mul(4.5).total().add(b.abs().total()));
                },
                new AdamW(decay, clip));
        Trace trace = new Trace();
        ReferenceDevice device = new ReferenceDevice();
        try (Executable executable = Compile.program(program, trace, device);
                State state = device.allocate(trace.initial(0))) {
            double[] w = {
                state.get("w").at(0), state.get("w").at(1), state.get("b").at(0)
            };
            double[] m = new double[3];
            double[] v = new double[3];
            for (int t = 1; t <= 3; t++) {
                double[] g = {9 * w[0], 9 * w[1], Math.signum(w[2])};
                double norm = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
                for (int i = 0; i < 3; i++) {
                    double clipped = g[i] * Math.min(1, clip / norm);
                    m[i] = 0.9 * m[i] + 0.1 * clipped;
                    v[i] = 0.98 * v[i] + 0.02 * clipped * clipped;
                    double move = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.98, t))) + 1e-8);
                    w[i] -= rate * (move + (i < 2 ? decay * w[i] : 0));
                }
                Map<String, HostTensor> outputs = executable.run(
                        state,
                        Map.of(
                                Inputs.LEARNING_RATE, HostTensor.scalar((float) rate),
                                Trace.STEP, HostTensor.scalar(t - 1)));
                assertThat(outputs.get("gradient-norm").at(0)).isCloseTo(norm, within(1e-5));
                assertThat(state.get("w").at(0)).isCloseTo(w[0], within(1e-5));
                assertThat(state.get("w").at(1)).isCloseTo(w[1], within(1e-5));
                assertThat(state.get("b").at(0)).isCloseTo(w[2], within(1e-5));
            }
        }
    }
}
