package io.glossa.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.ParameterGroups;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A regression with two large weights, one of which no number of ranks divides, and a small one. */
class ShardingTest {
    private static final int ROWS = 4;
    private static final int IN = 523;
    private static final int WIDE = 512;
    private static final int STEPS = 3;

    private final int seed = new Random().nextInt();

    @ParameterizedTest
    @CsvSource({"cpu,2,F32", "cpu,3,F32", "cpu,2,BF16", "cpu,3,BF16", "emit-only,2,F32"})
    void aStateInPartsGivesTheSameBits(String device, int ranks, DType moments) {
        List<Map<String, float[]>> whole = train(device, ranks, moments, Sharding.NONE);
        List<Map<String, float[]>> parts = train(device, ranks, moments, Sharding.OPTIMIZER);

        assertSame(whole, parts);
        for (int rank = 0; rank < ranks; rank++) {
            assertThat(parts.get(rank).get("w"))
                    .as("seed %d", seed)
                    .isEqualTo(whole.get(rank).get("w"));
            assertThat(parts.get(rank).get("v")).isEqualTo(whole.get(rank).get("v"));
        }
    }

    @ParameterizedTest
    @CsvSource({"cpu,2,F32,FP32", "cpu,3,BF16,FP32", "cpu,4,F32,BF16", "emit-only,2,F32,FP32", "emit-only,3,F32,BF16"})
    void parametersInPartsGiveTheSameBits(String device, int ranks, DType moments, Precision precision) {
        List<Map<String, float[]>> whole = train(device, ranks, moments, precision, Sharding.NONE);
        List<Map<String, float[]>> parts = train(device, ranks, moments, precision, Sharding.PARAMETERS);

        assertSame(whole, parts);
        for (String name : List.of("w", "v")) {
            assertThat(joined(parts, name))
                    .as("%s, seed %d", name, seed)
                    .startsWith(whole.get(0).get(name));
        }
    }

    /** But for large parameters themselves. */
    private void assertSame(List<Map<String, float[]>> whole, List<Map<String, float[]>> parts) {
        for (int rank = 0; rank < whole.size(); rank++) {
            Map<String, float[]> found = parts.get(rank);
            assertThat(found.get("loss"))
                    .as("seed %d", seed)
                    .isEqualTo(whole.get(rank).get("loss"));
            assertThat(found.get("b")).isEqualTo(whole.get(rank).get("b"));
            assertThat(found.get("gradient-norm")).isEqualTo(whole.get(rank).get("gradient-norm"));
            assertThat(found.get("adam.second.b")).isEqualTo(whole.get(rank).get("adam.second.b"));
        }
        assertThat(joined(parts, "adam.first.w")).startsWith(whole.get(0).get("adam.first.w"));
        assertThat(joined(parts, "adam.second.v")).startsWith(whole.get(0).get("adam.second.v"));
    }

    @ParameterizedTest
    @EnumSource
    void ranksTrainAsOneDoes(Sharding sharding) {
        Map<String, float[]> alone = train("cpu", 1, DType.F32, sharding).get(0);
        List<Map<String, float[]>> ranks = train("cpu", 3, DType.F32, sharding);
        Map<String, float[]> found = ranks.get(1);
        float[] w = sharding == Sharding.PARAMETERS ? joined(ranks, "w") : found.get("w");

        assertThat(found.get("gradient-norm")[0]).isCloseTo(alone.get("gradient-norm")[0], withinPercentage(1e-4));
        double far = 0;
        for (int i = 0; i < alone.get("w").length; i++) {
            far = Math.max(far, Math.abs(w[i] - alone.get("w")[i]));
        }
        assertThat(far).as("seed %d", seed).isLessThan(1e-4);
    }

    @Test
    void aRankHasItsPartOfLargeMomentsAlone() {
        Trace trace = new Trace();
        Joint.graph(program(DType.F32), trace, Entry.STEP, new Ranks(new Rank(0, 4), Sharding.OPTIMIZER));
        Map<String, Type> states = trace.declared(Attr.Role.STATE);

        assertThat(states.get("adam.first.v")).isEqualTo(Type.f32(2 * WIDE * WIDE / 4 / 256, 256));
        assertThat(states.get("adam.first.w").bytes()).isBetween(IN * WIDE * 4L / 4, IN * WIDE * 4L / 4 + 1024);
        assertThat(states.get("adam.first.b")).isEqualTo(Type.f32(WIDE));
        assertThat(trace.declared(Attr.Role.PARAMETER).get("w")).isEqualTo(Type.f32(IN, WIDE));
    }

    @Test
    void aRankHasItsPartOfLargeParametersAloneInEveryProgram() {
        for (Entry entry : List.of(Entry.STEP, Entry.GRADIENTS, Entry.APPLY)) {
            Trace trace = new Trace();
            Graph graph = Joint.graph(program(DType.F32), trace, entry, new Ranks(new Rank(0, 4), Sharding.PARAMETERS));
            Map<String, Type> parameters = trace.declared(Attr.Role.PARAMETER);

            assertThat(parameters.get("v")).isEqualTo(Type.f32(2 * WIDE * WIDE / 4 / 256, 256));
            assertThat(parameters.get("b")).isEqualTo(Type.f32(WIDE));
            assertThat(trace.whole(Attr.Role.PARAMETER).get("w")).isEqualTo(Type.f32(IN, WIDE));
            List<Node> gathers = graph.nodes().stream()
                    .filter(node -> node.op() == Op.ALL_GATHER && node.shape().size() >= Forms.LARGE)
                    .toList();
            assertThat(gathers)
                    .as("nothing is gathered behind the update: %s", entry)
                    .allMatch(Gathered::is)
                    .hasSize(entry == Entry.APPLY ? 0 : 2);
        }
    }

    /** What ranks do together must come in the same order on all of them. */
    @ParameterizedTest
    @EnumSource
    void allRanksMeetInTheSameOrder(Sharding sharding) {
        List<List<String>> orders = IntStream.range(0, 3)
                .mapToObj(rank -> {
                    Graph graph = Joint.graph(
                            program(DType.F32), new Trace(), Entry.STEP, new Ranks(new Rank(rank, 3), sharding));
                    return graph.nodes().stream()
                            .filter(node -> node.op().isCollective())
                            .map(node -> node.id() + " " + node.op() + " " + node.type())
                            .toList();
                })
                .toList();

        assertThat(orders.get(1))
                .isEqualTo(orders.get(0))
                .contains(orders.get(2).toArray(String[]::new));
        assertThat(orders.get(0)).anyMatch(node -> node.contains("REDUCE_SCATTER"));
    }

    @Test
    void theNormIsOneSumOverRanks() {
        Graph graph =
                Joint.graph(program(DType.F32), new Trace(), Entry.STEP, new Ranks(new Rank(0, 2), Sharding.NONE));
        List<Node> sums = graph.nodes().stream()
                .filter(node -> node.op() == Op.ALL_REDUCE)
                .toList();

        // Loss and weight travel together.
        assertThat(sums).extracting(node -> node.shape().size()).containsExactlyInAnyOrder(1L, 2L);
    }

    private List<Map<String, float[]>> train(String name, int count, DType moments, Sharding sharding) {
        return train(name, count, moments, Precision.FP32, sharding);
    }

    private List<Map<String, float[]>> train(
            String name, int count, DType moments, Precision precision, Sharding sharding) {
        DeviceRequest request = DeviceRequest.of(name).withThreads(1).with(Compile.Options.DEFAULTS.with(precision));
        return RankThreads.onDevices(request, count, device -> {
            Trace trace = new Trace();
            try (Executable step = Compile.program(program(moments), trace, Entry.STEP, sharding, device);
                    State state = device.allocate(trace.initial(1))) {
                Map<String, float[]> found = new TreeMap<>();
                for (int i = 0; i < STEPS; i++) {
                    step.run(state, batch(trace, i, device.rank()))
                            .forEach((output, value) -> found.put(output, value.floats()));
                }
                trace.initial(1)
                        .keySet()
                        .forEach(each -> found.put(each, state.get(each).floats()));
                return found;
            }
        });
    }

    private static float[] joined(List<Map<String, float[]>> ranks, String state) {
        float[] all = new float[0];
        for (Map<String, float[]> rank : ranks) {
            float[] part = rank.get(state);
            float[] longer = Arrays.copyOf(all, all.length + part.length);
            System.arraycopy(part, 0, longer, all.length, part.length);
            all = longer;
        }
        return all;
    }

    /** Of all ranks together the same rows, whatever their number. */
    private Map<String, HostTensor> batch(Trace trace, int step, Rank rank) {
        Map<String, HostTensor> batch = new HashMap<>();
        float[] mine = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            mine[row] = row % rank.count() == rank.index() ? 1 : 0;
        }
        batch.put("x", new Init.Normal(1).values("x" + step, Type.f32(ROWS, IN).shape(), seed));
        batch.put("mine", HostTensor.of(mine, ROWS));
        batch.put(Inputs.LEARNING_RATE, HostTensor.scalar(1e-3f));
        batch.put(Trace.SEED, HostTensor.scalar(3));
        batch.put(Trace.STEP, HostTensor.scalar(step));
        batch.keySet().retainAll(trace.declared(Attr.Role.BATCH).keySet());
        return batch;
    }

    private static Program program(DType moments) {
        return Program.training(
                "regression",
                trace -> {
                    Tensor x = trace.batch("x", DType.F32, ROWS, IN);
                    Tensor mine = trace.batch("mine", DType.F32, ROWS);
                    Tensor w = trace.parameter("w", new Init.Normal(0.05), IN, WIDE);
                    Tensor b = trace.parameter("b", Init.ZEROS, WIDE);
                    Tensor v = trace.parameter("v", new Init.Normal(0.05), WIDE, 2 * WIDE);
                    Tensor y = x.matmul(w).add(b).relu().matmul(v).add(-1);
                    trace.loss(y.mul(y).sum(1).reshape(ROWS).mul(mine).total(), mine.total());
                },
                new AdamW(0.01, 1, moments, ParameterGroups.ALL));
    }
}
