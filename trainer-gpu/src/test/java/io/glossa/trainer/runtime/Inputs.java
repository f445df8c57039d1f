package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/** Parameters of test programs: asked for twice under one name and shape, they are the same. */
final class Inputs {
    private static final Map<Trace, Map<String, Tensor>> MADE = new WeakHashMap<>();

    private Inputs() {}

    static Tensor parameter(Trace trace, String name, int... dims) {
        String full = name + Arrays.toString(dims);
        return MADE.computeIfAbsent(trace, t -> new HashMap<>())
                .computeIfAbsent(full, n -> trace.parameter(n, new Init.Normal(1), dims));
    }

    static Map<String, HostTensor> scalars(Trace trace) {
        Map<String, HostTensor> batch = new HashMap<>();
        trace.declared(Attr.Role.BATCH).forEach((name, type) -> batch.put(name, HostTensor.scalar(7)));
        return batch;
    }
}
