package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.Bf16;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundRandomlyTest {
    private static final int SEED = 3;
    private static final int DRAWS = 1 << 16;
    private static final float LARGEST = Float.intBitsToFloat(0x7f7f0000);

    @Test
    void theMeanOfManyIsTheNumberOnEveryDevice() {
        float x = 1.00123f;
        float[] found = draws(new ReferenceDevice(), x);
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE)) {
            assertThat(draws(cpu, x)).as("cpu, seed %d", SEED).containsExactly(found);
        }
        float below = 1;
        float above = 1 + 0x1p-7f;
        double sum = 0;
        for (float value : found) {
            assertThat(value).isIn(below, above);
            sum += value;
        }
        double share = (x - below) / (above - below);
        double deviation = (above - below) * Math.sqrt(share * (1 - share) / DRAWS);
        assertThat(sum / DRAWS).as("seed %d", SEED).isCloseTo(x, within(4 * deviation));
    }

    @Test
    void whatIsFiniteStaysFiniteAndWhatIsNotStays() {
        float last = Math.nextDown(1f);
        assertThat(Bf16.random(Float.MAX_VALUE, last)).isEqualTo(LARGEST);
        assertThat(Bf16.random(-Float.MAX_VALUE, last)).isEqualTo(-LARGEST);
        assertThat(Bf16.random(Float.NEGATIVE_INFINITY, last)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Bf16.random(Float.NaN, last)).isNaN();
        assertThat(Bf16.random(Float.intBitsToFloat(-1), last)).isNaN();
        assertThat(Bf16.random(-1.5f, last)).isEqualTo(-1.5f);
        assertThat(Bf16.random(0, last)).isZero();
    }

    @Test
    void cpuRoundsWhatIsNotFiniteAsJavaDoes() {
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE)) {
            for (float x : new float[] {
                Float.MAX_VALUE, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN, 1e-42f, -1e-42f, -0f
            }) {
                assertThat(draws(cpu, x)).as("%s, seed %d", x, SEED).containsExactly(draws(new ReferenceDevice(), x));
            }
        }
    }

    /** The state, which is BF16, after a step that rounds this number into each of its elements. */
    private static float[] draws(Device device, float x) {
        Trace trace = new Trace();
        Tensor state = trace.state("state", DType.BF16, Init.ZEROS, DRAWS);
        Tensor source = trace.batch("x", DType.F32);
        Tensor uniform = Tensor.uniform(trace.seed(), trace.step(), 1, DRAWS);
        trace.update("state", source.expand(state.shape()).roundRandomly(uniform));
        trace.output("old", state.cast(DType.F32));
        Graph graph = new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of());
        try (State values = device.allocate(trace.initial(SEED));
                Executable executable = device.load("round", graph)) {
            executable.run(
                    values,
                    Map.of(
                            "x",
                            HostTensor.scalar(x),
                            Trace.SEED,
                            HostTensor.scalar(SEED),
                            Trace.STEP,
                            HostTensor.scalar(0)));
            return values.get("state").floats();
        }
    }
}
