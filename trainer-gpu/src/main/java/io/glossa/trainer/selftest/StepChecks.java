package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.workbench.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every objective's whole training step against the reference, and against itself bit by bit. */
final class StepChecks {
    private static final double FP32 = 1e-4;
    private static final double BF16 = 0.05;

    /** Over eight draws of masks the worst moment was 0.05 to 0.16 off: a number rounded to 4 bits may fall the other way. */
    private static final double FP8 = 0.2;

    /** Of the largest: below it differences are rounding, as all of the gradient of a bias of keys is. */
    private static final double SMALL = 1e-2;

    private StepChecks() {}

    static List<Row> of(Device device, Precision precision) {
        List<Row> rows = new ArrayList<>();
        for (Objective objective : TinyTask.objectives(precision)) {
            rows.addAll(of(device, precision, objective));
        }
        return rows;
    }

    private static List<Row> of(Device device, Precision precision, Objective objective) {
        TinyStep step = TinyStep.of(objective);
        Map<String, HostTensor> found = step.once(device, step.graph());
        Map<String, HostTensor> again = step.once(device, step.graph());
        Map<String, HostTensor> wanted;
        try (ReferenceDevice reference = new ReferenceDevice()) {
            wanted = step.once(reference, step.oracle(precision));
        }
        double tolerance = switch (precision) {
            case FP32 -> FP32;
            case BF16 -> BF16;
            case FP8, FP8_FAST -> FP8;
        };
        Map<String, Double> largest = new TreeMap<>();
        wanted.forEach((name, value) -> largest.merge(kind(name), largest(value), Math::max));
        Map<String, Double> worst = new TreeMap<>();
        wanted.forEach((name, value) -> worst.merge(
                kind(name), difference(value, found.get(name), SMALL * largest.get(kind(name))), Math::max));
        List<Check> values = worst.entrySet().stream()
                .map(entry -> new Check(entry.getKey(), entry.getValue(), tolerance))
                .toList();
        long other = found.keySet().stream()
                .filter(name -> !sameBits(found.get(name), again.get(name)))
                .count();
        String dtype = precision.title();
        return List.of(
                Row.of("step: " + objective.kind(), dtype, values),
                new Row(
                        "step: " + objective.kind() + " again",
                        dtype,
                        1,
                        other == 0 ? 0 : 1,
                        other == 0 ? "the same bits" : other + " of " + found.size() + " tensors have other bits"));
    }

    private static String kind(String result) {
        if (result.startsWith("next adam.")) {
            return result.startsWith("next adam.first.") ? "first moments" : "second moments";
        }
        return result.startsWith("next ") ? "parameters" : result;
    }

    /** Relative to the largest element, or to the least that counts as large beside other tensors of its kind. */
    private static double difference(HostTensor wanted, HostTensor found, double least) {
        double largest = largest(wanted);
        double scale = Math.max(largest, least);
        return Runs.difference(wanted, found) * Math.max(1, largest) / (scale == 0 ? 1 : scale);
    }

    private static double largest(HostTensor tensor) {
        double largest = 0;
        for (int i = 0; i < tensor.type().shape().size(); i++) {
            largest = Math.max(largest, Math.abs(tensor.at(i)));
        }
        return largest;
    }

    private static boolean sameBits(HostTensor a, HostTensor b) {
        return a.array() instanceof float[] ? Arrays.equals(bits(a), bits(b)) : Arrays.equals(a.ints(), b.ints());
    }

    private static int[] bits(HostTensor tensor) {
        float[] values = tensor.floats();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
