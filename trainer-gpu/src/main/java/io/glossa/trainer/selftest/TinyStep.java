package io.glossa.trainer.selftest;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.lower.F8Products;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A whole training step of a tiny model. */
final class TinyStep {
    /**
     * What the second moments start from. From zero, the first step moves each parameter by the sign of its gradient, and
     * a sign turns on the last bit of a gradient near zero.
     */
    private static final float SECOND_MOMENT = 1e-4f;

    private final Trace trace = new Trace();
    private final Graph graph;

    private TinyStep(Objective objective) {
        graph = Joint.graph(
                Program.training(
                        "selftest-" + objective.kind(), t -> objective.trace(t, TinyTask.BUCKET), new AdamW(0.01, 1)),
                trace);
    }

    static TinyStep of(Objective objective) {
        return new TinyStep(objective);
    }

    Graph graph() {
        return graph;
    }

    /** The step for the reference: as it is, or with products rounded as mixed precision does, those inside attention too. */
    Graph oracle(Precision precision) {
        if (!precision.isMixed()) {
            return graph;
        }
        Graph given = precision.isF8() ? F8Products.apply(graph) : graph;
        return MixedPrecision.apply(Decompose.apply(given, (composite, types) -> !composite.isProduct()));
    }

    Map<String, LazyTensor> initial() {
        Map<String, LazyTensor> values = new LinkedHashMap<>(trace.initial(0));
        values.replaceAll((name, tensor) ->
                name.startsWith("adam.second.") ? new LazyTensor(tensor.type(), () -> filled(tensor.value())) : tensor);
        return values;
    }

    private static HostTensor filled(HostTensor zeros) {
        Arrays.fill(zeros.floats(), SECOND_MOMENT);
        return zeros;
    }

    /** Of {@link TinyTask#batch}, what this step takes. */
    Map<String, HostTensor> batch(int step, double learningRate) {
        Set<String> declared = trace.declared(Attr.Role.BATCH).keySet();
        Map<String, HostTensor> batch = new HashMap<>(TinyTask.batch(step, learningRate));
        batch.keySet().retainAll(declared);
        return batch;
    }

    /** Outputs of one step from the initial state, and every tensor of the state after it as "next" of its name. */
    Map<String, HostTensor> once(Device device, Graph program) {
        return Runs.once(device, program, initial(), batch(1, 1e-3));
    }
}
