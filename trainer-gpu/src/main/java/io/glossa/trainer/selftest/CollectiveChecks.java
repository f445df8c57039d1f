package io.glossa.trainer.selftest;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.List;
import java.util.Map;

/** What ranks do together, through the library that several GPUs would use, by one of them alone. */
final class CollectiveChecks {
    private static final int SEED = 1;

    private CollectiveChecks() {}

    static List<Row> of(DeviceRequest request) {
        Trace trace = new Trace();
        Tensor x = trace.buffer("x", new Init.Normal(1), 1000, 16);
        Attr.Segment only = new Attr.Segment(0, 1);
        trace.output("all-reduce", x.mul(2).allReduce().add(1));
        trace.output("reduce-scatter", x.mul(3).reshape(-1).reduceScatter(only).add(1));
        trace.output("all-gather", x.mul(4).reshape(-1).allGather(only).add(1));
        Graph graph = Graph.of(trace.builder(), trace.outputs());
        Communicator alone = Communicator.of(Rank.ONLY, List.of(request.tell(Rank.ONLY, "localhost")));
        try (Device device = request.open(alone);
                ReferenceDevice reference = new ReferenceDevice()) {
            Map<String, HostTensor> wanted = Runs.once(reference, graph, SEED);
            Map<String, HostTensor> found = Runs.once(device, graph, SEED);
            List<Check> checks = trace.outputs().keySet().stream()
                    .map(name -> new Check(name, Runs.difference(wanted.get(name), found.get(name)), 1e-6))
                    .toList();
            return List.of(Row.of("collectives", "fp32", checks));
        }
    }
}
