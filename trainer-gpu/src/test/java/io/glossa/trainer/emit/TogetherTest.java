package io.glossa.trainer.emit;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private final Trace trace = new Trace();

    @Test
    void updatesThatAreAlikeAreOneLaunch() {
        for (int extent : new int[] {3, 5, 300, 1024, 7}) {
            Tensor p = trace.parameter("p" + extent, new Init.Normal(1), extent, 8);
            trace.update("p" + extent, p.sub(p.mul(0.5)));
        }
        assertThat(kernels(Target.CUDA)).singleElement().satisfies(kernel -> {
            assertThat(kernel.groups()).hasSize(5);
            assertThat(kernel.launches()).hasSize(5);
            assertThat(KernelTime.name(kernel)).endsWith(", 5 at once");
            assertThat(KernelTime.of(kernel, 0).bytes()).isEqualTo(2 * 4 * 8 * (3 + 5 + 300 + 1024 + 7));
        });
        assertThat(kernels(Target.CPU)).hasSize(5);
        try (Device gpu = DeviceRequest.of("emit-only").open()) {
            Devices.assertEqual(gpu, graph(), 1);
        }
    }

    @Test
    void whatNeedsAnotherOfItsKindRunsAfterIt() {
        Tensor first = trace.parameter("x", new Init.Normal(1), 6, 6);
        Tensor second = first.matmul(first).exp();
        Tensor third = second.matmul(second).exp();
        Tensor beside = second.matmul(first).exp();
        trace.output("third", third.matmul(third));
        trace.output("beside", beside.matmul(beside));

        assertThat(kernels(Target.CUDA).stream()
                        .filter(kernel -> kernel.function().equals("k_exp"))
                        .map(kernel -> kernel.groups().size()))
                .containsExactly(1, 2);
    }

    @Test
    void whatAllReadIsNotHeldWithoutLimit() {
        Tensor x = trace.parameter("x", new Init.Normal(1), 2048, 2048);
        for (int i = 0; i < 6; i++) {
            Tensor product = x.mul(i + 1).matmul(x); // 16 MB
            trace.output("y" + i, product.exp());
        }
        assertThat(kernels(Target.CUDA).stream()
                        .filter(kernel -> kernel.function().startsWith("k_exp"))
                        .map(kernel -> kernel.groups().size()))
                .containsExactly(4, 2);
    }

    private Graph graph() {
        return new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of());
    }

    private List<Kernel> kernels(Target target) {
        return Compile.lowered("alike", graph(), target, Compile.Options.DEFAULTS, Dumps.NONE)
                .kernels();
    }
}
