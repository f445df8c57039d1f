package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.function.Function;

/** Holds what a device makes of a function, with its hand-written kernels, to the reference's decomposition. */
public final class KernelCheck {
    private KernelCheck() {}

    /** Runs on the reference and the cpu device, and compares. */
    public static HostTensor compare(
            Map<String, HostTensor> inputs, Function<Tensor[], Tensor> function, double tolerance) {
        return compare(inputs, function, Precision.FP32, tolerance);
    }

    /** The same with products of another precision on the cpu device. */
    public static HostTensor compare(
            Map<String, HostTensor> inputs,
            Function<Tensor[], Tensor> function,
            Precision precision,
            double tolerance) {
        Compile.Options options = Compile.Options.DEFAULTS.with(precision);
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), options, Dumps.NONE)) {
            return compare(cpu, inputs, function, tolerance);
        }
    }

    /** The same on another device. */
    static HostTensor compare(
            Device device, Map<String, HostTensor> inputs, Function<Tensor[], Tensor> function, double tolerance) {
        HostTensor expected = run(new ReferenceDevice(), inputs, function);
        HostTensor found = run(device, inputs, function);
        assertThat(found.type()).isEqualTo(expected.type());
        for (int i = 0; i < expected.type().shape().size(); i++) {
            double scale = Math.max(1, Math.abs(expected.at(i)));
            assertThat(found.at(i)).as("element %d", i).isCloseTo(expected.at(i), within(tolerance * scale));
        }
        return found;
    }

    private static HostTensor run(Device device, Map<String, HostTensor> inputs, Function<Tensor[], Tensor> function) {
        Trace trace = new Trace();
        Tensor[] tensors = inputs.entrySet().stream()
                .map(e -> trace.batch(
                        e.getKey(),
                        e.getValue().type().dtype(),
                        e.getValue().type().shape().dims()))
                .toArray(Tensor[]::new);
        trace.output("y", function.apply(tensors));
        Graph graph = Graph.of(trace.builder(), trace.outputs());
        try (State state = device.allocate(Map.of());
                Executable executable = device.load("kernel", graph)) {
            return executable.run(state, inputs).get("y");
        }
    }
}
