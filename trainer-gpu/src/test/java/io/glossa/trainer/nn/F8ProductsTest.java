package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.F8;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.lower.F8Products;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class F8ProductsTest {
    private static final int COUNT = 4096;

    @Test
    void thereAreNumbersOfFourSignificantBitsUpTo448() {
        assertThat(F8.nearest(0.3f)).isEqualTo(0.3125f);
        assertThat(F8.nearest(17)).as("between 16 and 18").isEqualTo(16);
        assertThat(F8.nearest(-19)).as("between 18 and 20").isEqualTo(-20);
        assertThat(F8.nearest(1e9f)).isEqualTo(448);
        assertThat(F8.nearest(1.4f / 512)).isEqualTo(1 / 512f);
        assertThat(F8.nearest(0.5f / 512)).isZero();
        assertThat(F8.nearest(Float.NaN)).isNaN();
    }

    @Test
    void kernelsRoundAsJavaDoes() {
        float[] values = new float[COUNT];
        Random random = new Random(1);
        for (int i = 0; i < COUNT; i++) {
            // Every second one lies in the middle between two numbers.
            float nearest = F8.nearest((float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(20) - 10)));
            values[i] = i % 2 == 0 ? nearest * (1 + random.nextFloat() / 8) : nearest * (1 + 1 / 16f);
        }
        Trace trace = new Trace();
        trace.output(
                "rounded", trace.batch("x", DType.F32, COUNT).cast(DType.F8).cast(DType.F32));
        HostTensor found;
        try (Device gpu = gpu();
                Executable program = gpu.load("rounding", Graph.of(trace.builder(), trace.outputs()));
                State state = gpu.allocate(Map.of())) {
            found = program.run(state, Map.of("x", HostTensor.of(values, COUNT)))
                    .get("rounded");
        }
        for (int i = 0; i < COUNT; i++) {
            assertThat(found.at(i)).as("of " + values[i]).isEqualTo(F8.nearest(values[i]));
        }
    }

    @Test
    void linearLayersAreComputedFromRoundedOperands() {
        Graph graph = layer();
        HostTensor exact = of(new ReferenceDevice(), graph);
        HostTensor wanted =
                of(new ReferenceDevice(), MixedPrecision.apply(Decompose.everything(F8Products.apply(graph))));
        HostTensor found = of(gpu(), graph);

        assertThat(Runs.difference(wanted, found))
                .as("as rounded operands give")
                .isLessThan(5e-3);
        assertThat(Runs.difference(exact, found)).as("to four bits").isBetween(1e-2, 0.1);
    }

    @Test
    void processorsDoNotComputeInF8() {
        assertThatThrownBy(() -> DeviceRequest.of("cpu")
                        .with(Compile.Options.DEFAULTS.with(Precision.FP8))
                        .open())
                .hasMessage("Cannot compute in fp8 on device 'cpu': expected fp32 or bf16 (or device cuda)");
    }

    /** One whose inputs would be lost below the smallest F8 number if they were not scaled. */
    private static Graph layer() {
        Trace trace = new Trace();
        Tensor x = trace.buffer("x", new Init.Normal(1e-5), 33, 48);
        trace.output(
                "y",
                Linear.of(Scope.root(trace).child("layer"), 48, 32).apply(x).mul(1e5));
        return Graph.of(trace.builder(), trace.outputs());
    }

    private static HostTensor of(Device device, Graph graph) {
        try (device) {
            return Runs.once(device, graph, 1).get("y");
        }
    }

    private static Device gpu() {
        return DeviceRequest.of("emit-only")
                .with(Compile.Options.DEFAULTS.with(Precision.FP8))
                .open();
    }
}
