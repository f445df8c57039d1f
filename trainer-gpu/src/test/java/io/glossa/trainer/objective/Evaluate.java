package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs a function of batch inputs and initial values once. */
final class Evaluate {
    private Evaluate() {}

    static HostTensor reference(Map<String, HostTensor> batch, Function<Trace, Tensor> function) {
        return on(new ReferenceDevice(), batch, trace -> trace.output("y", function.apply(trace)))
                .get("y");
    }

    /** Initial values by seed 0. */
    static Map<String, HostTensor> on(Device device, Map<String, HostTensor> batch, Consumer<Trace> forward) {
        Trace trace = new Trace();
        forward.accept(trace);
        Graph graph = new Graph(trace.builder(), trace.outputs(), Map.of(), Map.of());
        try (State state = device.allocate(trace.initial(0));
                Executable executable = device.load("test", graph)) {
            return executable.run(state, batch);
        }
    }

    /** A seed, and a stream for each row. */
    static Map<String, HostTensor> randomness(int seed, int firstStream, int rows) {
        int[] streams = IntStream.range(firstStream, firstStream + rows).toArray();
        return Map.of(Trace.SEED, HostTensor.scalar(seed), Inputs.STREAMS, HostTensor.of(streams, rows));
    }

    static Tensor streams(Trace trace, int rows) {
        return trace.batch(Inputs.STREAMS, DType.I32, rows);
    }
}
