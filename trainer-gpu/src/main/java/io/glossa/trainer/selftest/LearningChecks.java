package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Steps in a row on a task that can be learnt: the loss falls, and falls as on another device. */
final class LearningChecks {
    private static final double LEARNING_RATE = 3e-3;
    private static final double FALLS_TO = 0.5;
    private static final double FP32 = 0.02;

    /** Where the loss falls fast, rounding moves it by a step or two. */
    private static final double MIXED = 0.2;

    private LearningChecks() {}

    /**
     * @param other what as many steps as are compared are run on too
     * @param steps of this device
     */
    static List<Row> of(Device device, Device other, Precision precision, int steps, int compared) {
        double[] losses = losses(device, precision, steps);
        double[] wanted = losses(other, precision, compared);
        double worst = 0;
        for (int i = 0; i < compared; i++) {
            double difference = Math.abs(losses[i] - wanted[i]) / Math.max(1, Math.abs(wanted[i]));
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        String dtype = precision.title();
        double tolerance = precision.isMixed() ? MIXED : FP32;
        boolean falls = losses[steps - 1] < FALLS_TO * losses[0];
        String curve = String.format(Locale.ROOT, "from %.3f to %.3f", losses[0], losses[steps - 1]);
        return List.of(
                Row.of(
                        "learning: " + compared + " losses as on " + other.name(),
                        dtype,
                        List.of(new Check("losses", worst, tolerance))),
                new Row("learning: loss of " + steps + " steps", dtype, 1, falls ? 0 : 1, curve));
    }

    private static double[] losses(Device device, Precision precision, int steps) {
        TinyStep step = TinyStep.of(TinyTask.learnable());
        Graph graph = device instanceof ReferenceDevice ? step.oracle(precision) : step.graph();
        double[] losses = new double[steps];
        try (State state = device.allocate(step.initial());
                Executable executable = device.load("learning", graph)) {
            for (int i = 0; i < steps; i++) {
                Map<String, HostTensor> outputs = executable.run(state, step.batch(i, LEARNING_RATE));
                losses[i] = outputs.get("loss").at(0);
            }
        }
        return losses;
    }
}
