package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.workbench.Runs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every primitive and its gradient on awkward sizes, forward and backward, against the reference; a row per kind. */
final class PrimitiveChecks {
    private static final int SEED = 1;
    private static final double FP32 = 2e-5;

    /** Rounding to 8 bits may fall the other way where a sum differs in its last bit, so one element may be 2^-8 off. */
    private static final double BF16 = 0.03;

    private PrimitiveChecks() {}

    static List<Row> of(Device device, Precision precision) {
        Graph graph = PrimitiveGraph.of(precision);
        Map<String, HostTensor> wanted;
        try (ReferenceDevice reference = new ReferenceDevice()) {
            wanted = Runs.once(reference, graph, SEED);
        }
        Map<String, HostTensor> found = Runs.once(device, graph, SEED);
        Map<Op, Double> worst = new EnumMap<>(Op.class);
        wanted.forEach((name, value) ->
                worst.merge(Op.valueOf(name.split("/")[0]), Runs.difference(value, found.get(name)), Math::max));
        double tolerance = precision.isMixed() ? BF16 : FP32;
        Map<Op.Kind, List<Check>> byKind = new EnumMap<>(Op.Kind.class);
        worst.forEach((op, difference) -> byKind.computeIfAbsent(op.kind(), kind -> new ArrayList<>())
                .add(new Check(word(op), difference, tolerance)));
        return byKind.entrySet().stream()
                .map(entry -> Row.of("primitives: " + word(entry.getKey()), precision.title(), entry.getValue()))
                .toList();
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
