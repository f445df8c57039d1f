package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.FusedKernel.Kind;
import io.glossa.trainer.runtime.LiveMemory.Use;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Type HIDDEN = Type.f32(8, 32);

    /** loss = Σ sin(2·exp(x·u))·v, whose gradients need exp, the product by 2 and sin again, all from x·u. */
    private static final Explanation SMALL = explain(t -> {
        Tensor u = t.parameter("u", new Init.Normal(1), 16, 32);
        Tensor v = t.parameter("v", new Init.Normal(1), 32, 4);
        Tensor x = t.batch("x", DType.F32, 8, 16);
        t.loss(x.matmul(u).exp().mul(2).sin().matmul(v).total());
    });

    @Test
    void aKernelSaysWhatItReadsAndComputesAndWhatItKeepsOutOfMemory() {
        assertThat(SMALL.kernels().keySet())
                .contains(
                        new FusedKernel(
                                "exp_mul_sin 8×32",
                                Kind.LOOP,
                                Map.of("exp", 1, "mul", 1, "sin", 1),
                                List.of(new Values("matmul", HIDDEN, 1)),
                                List.of(new Values("sin", HIDDEN, 1)),
                                2 * HIDDEN.bytes()),
                        new FusedKernel(
                                "mul_sub 32×4",
                                Kind.LOOP,
                                Map.of("mul", 1, "sub", 1),
                                List.of(
                                        new Values("parameter", Type.f32(32, 4), 1),
                                        new Values("matmul", Type.f32(32, 4), 1)),
                                List.of(new Values("parameter", Type.f32(32, 4), 1)),
                                4 * 32 * 4));
        assertThat(SMALL.flop())
                .isEqualTo(2 * (2 * 8 * 16 * 32) // x·u and the gradient of u
                        + 3 * (2 * 8 * 32 * 4) // by v, the gradient of v, and back
                        + 3 * 256 // exp_mul_sin
                        + 32 // the sum
                        + 7 * 256 // exp, mul and sin again, cos, three products
                        + 2 * (16 * 32 + 32 * 4)); // updates
        assertThat(SMALL.unstored()).isEqualTo((2 + 5) * HIDDEN.bytes() + 4 * (16 * 32 + 32 * 4));
    }

    @Test
    void whatIsComputedAgainCountsInEveryKernel() {
        Recomputed recomputed = SMALL.recomputed();

        assertThat(recomputed.needed()).isEqualTo(3 * HIDDEN.bytes());
        assertThat(recomputed.kept()).containsExactly(new Values("matmul", HIDDEN, 1));
        assertThat(recomputed.again())
                .containsExactly(
                        new Recomputed.Again(new Values("exp", HIDDEN, 1), HIDDEN.bytes(), 256),
                        new Recomputed.Again(new Values("mul", HIDDEN, 1), HIDDEN.bytes(), 256),
                        new Recomputed.Again(new Values("sin", HIDDEN, 1), HIDDEN.bytes(), 256));
        assertThat(recomputed.flop()).isEqualTo(3 * 256);
    }

    @Test
    void memoryIsToldByUse() {
        LiveMemory memory = SMALL.memory();

        assertThat(SMALL.peakKernel()).isEqualTo("exp_mul_sin_cos 8×32");
        assertThat(memory.live().get(Use.KEPT)[memory.peak()]).isEqualTo(HIDDEN.bytes());
        assertThat(memory.live().get(Use.FIXED)[memory.peak()])
                .as("ones, and their product with v")
                .isEqualTo(4 * 32 + HIDDEN.bytes());
        assertThat(memory.live().get(Use.OTHER)[memory.peak()])
                .as("x, sin, the gradient of x·u, and the loss in 64 bytes")
                .isEqualTo(4 * 8 * 16 + 2 * HIDDEN.bytes() + 64);
        assertThat(memory.live().get(Use.GRADIENT))
                .endsWith(4 * 32 * 4, 4 * 32 * 4, 4 * (16 * 32), 4 * (16 * 32))
                .startsWith(0, 0);
        assertThat(memory.arena()).isEqualTo(memory.at(memory.peak()));
    }

    @Test
    void equalLayersAreOneLine() {
        assertThat(layers(8).kernels()).hasSameSizeAs(layers(4).kernels());
        assertThat(layers(8).kernels().values()).contains(8);
    }

    private static Explanation layers(int layers) {
        return explain(t -> {
            Tensor x = t.batch("x", DType.F32, 8, 16);
            for (int i = 0; i < layers; i++) {
                x = x.matmul(t.parameter("w" + i, new Init.Normal(1), 16, 16)).sin();
            }
            t.loss(x.total());
        });
    }

    private static Explanation explain(Consumer<Trace> forward) {
        Program program = Program.training("test", forward, ExplanationTest::descend);
        return Explanation.of(Compile.lowered(
                "test", Joint.graph(program, new Trace()), Target.CPU, Compile.Options.DEFAULTS, Dumps.NONE));
    }

    private static void descend(
            Trace trace, Map<String, Tensor> parameters, Map<String, Tensor> gradients, Tensor share) {
        parameters.forEach((name, value) ->
                trace.update(name, value.sub(gradients.get(name).mul(0.1))));
    }
}
