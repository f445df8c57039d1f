package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;

/** The optimizer on the two matrices and biases of one feed-forward module. */
final class OptimizerCases {
    private OptimizerCases() {}

    static KernelCase adamW(Extents e) {
        int d = e.width();
        int ffn = e.model().ffn();
        double size = 2.0 * d * ffn + d + ffn;
        return new KernelCase(
                t -> {
                    Map<String, Tensor> parameters = new LinkedHashMap<>();
                    Map<String, Tensor> gradients = new LinkedHashMap<>();
                    int[][] shapes = {{d, ffn}, {ffn}, {ffn, d}, {d}};
                    for (int i = 0; i < shapes.length; i++) {
                        String name = "p" + i;
                        parameters.put(name, Values.random(t, name, shapes[i]));
                        gradients.put(name, t.buffer("gradient." + name, new Init.Normal(0.01), shapes[i]));
                    }
                    new AdamW(0.01, 1).update(t, parameters, gradients, t.constant(1));
                },
                Map.of(Inputs.LEARNING_RATE, HostTensor.scalar(1e-3f), Trace.STEP, HostTensor.scalar(3)),
                15 * size,
                5 * size,
                3 * size);
    }
}
