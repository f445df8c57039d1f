package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Holds the GPU kernel of a composite, run on the processor, to the reference's decomposition. */
public final class GpuKernelCheck {
    private GpuKernelCheck() {}

    /** @param function whose value is one call of a composite on the inputs, in their order */
    public static HostTensor compare(
            Map<String, HostTensor> inputs, Function<Tensor[], Tensor> function, double tolerance) {
        Trace trace = new Trace();
        Tensor[] tensors = inputs.entrySet().stream()
                .map(e -> trace.batch(
                        e.getKey(),
                        e.getValue().type().dtype(),
                        e.getValue().type().shape().dims()))
                .toArray(Tensor[]::new);
        Tensor y = function.apply(tensors);
        Composite composite = y.node().attr(Attr.Call.class).composite();
        List<Type> types = inputs.values().stream().map(HostTensor::type).toList();
        HostTensor found = EmulatedKernel.run(
                composite.gpuKernel(types).orElseThrow(), y.node().type(), List.copyOf(inputs.values()));
        trace.output("y", y);
        Graph graph = Graph.of(trace.builder(), trace.outputs());
        try (ReferenceDevice reference = new ReferenceDevice();
                State state = reference.allocate(Map.of());
                Executable executable = reference.load("kernel", graph)) {
            HostTensor expected = executable.run(state, inputs).get("y");
            for (int i = 0; i < expected.type().shape().size(); i++) {
                double scale = Math.max(1, Math.abs(expected.at(i)));
                assertThat(found.at(i)).as("element %d", i).isCloseTo(expected.at(i), within(tolerance * scale));
            }
        }
        return found;
    }
}
