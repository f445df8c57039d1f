package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random programs and their gradients on the cpu device, fused and not, against the reference. */
class RandomGraphTest {
    private static final int PROGRAMS = Integer.getInteger("glossa.random.programs", 40);

    @ParameterizedTest
    @EnumSource
    void cpuAgreesWithReference(Compile.Grouping grouping) {
        int seed = Integer.getInteger("glossa.random.seed", new Random().nextInt(1 << 20));
        System.out.println("random graphs: -Dglossa.random.seed=" + seed);
        Random random = new Random(seed);
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (int i = 0; i < PROGRAMS; i++) {
            new RandomGraphs(trace, random).add("g" + i, outputs);
        }
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), grouping, Dumps.NONE)) {
            Devices.assertEqual(cpu, Graph.of(trace.builder(), outputs), seed);
        }
    }
}
