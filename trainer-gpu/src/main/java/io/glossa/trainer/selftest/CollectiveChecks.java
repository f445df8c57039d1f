package io.glossa.trainer.selftest;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.List;

/** Sums over ranks, through the library that several GPUs would use, by one of them alone. */
final class CollectiveChecks {
    private static final int SEED = 1;

    private CollectiveChecks() {}

    static List<Row> of(DeviceRequest request) {
        Trace trace = new Trace();
        Tensor x = trace.buffer("x", new Init.Normal(1), 1000, 3);
        trace.output("sum", x.mul(2).allReduce().add(1));
        Graph graph = Graph.of(trace.builder(), trace.outputs());
        Communicator alone = Communicator.of(Rank.ONLY, List.of(request.tell(Rank.ONLY, "localhost")));
        try (Device device = request.open(alone);
                ReferenceDevice reference = new ReferenceDevice()) {
            double difference = Runs.difference(
                    Runs.once(reference, graph, SEED).get("sum"),
                    Runs.once(device, graph, SEED).get("sum"));
            return List.of(Row.of("collectives", "fp32", List.of(new Check("all-reduce", difference, 1e-6))));
        }
    }
}
