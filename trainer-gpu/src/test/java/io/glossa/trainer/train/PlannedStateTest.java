package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What four ranks allocate for a step that have parts of the parameters, beside what a plan says of it. */
class PlannedStateTest {
    private static final int RANKS = 4;

    @Test
    void ranksAllocateWhatIsPlanned() {
        long planned = planned(Sharding.PARAMETERS);

        assertThat(allocated(config(Sharding.PARAMETERS)))
                .hasSize(RANKS)
                .allSatisfy(bytes -> assertThat(bytes).isCloseTo(planned, withinPercentage(0.5)));
        // 16 heads of 144 · 8192: of four ranks each has a quarter, and two of them whole at a time.
        assertThat(planned(Sharding.OPTIMIZER) - planned).isGreaterThan(4L * 144 * 8192 * 9);
    }

    private static long planned(Sharding sharding) {
        ProgramMemory memory = LoweredStep.of(
                        TrainBench.recipe(config(sharding)),
                        new Bucket(1, 100),
                        1,
                        new Ranks(new Rank(1, RANKS), sharding),
                        Target.CPU,
                        Compile.Options.DEFAULTS)
                .memory();
        return memory.state() + memory.arena();
    }

    private static TrainBench.Config config(Sharding sharding) {
        return new TrainBench.Config(
                "cpu", "bestrq", "xs", "fp32", 1, 1, 1, 1, Long.MAX_VALUE, sharding, Map.of("layers", "1"));
    }

    /** Bytes of state and arena of each rank, fixed tensors of programs aside, which are small. */
    private static List<Long> allocated(TrainBench.Config config) {
        TrainBench bench = new TrainBench(config);
        return RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), RANKS, device -> {
            try (BenchStep step = bench.built(device);
                    State state = device.allocate(bench.declared(device).initial(0))) {
                step.run(state, 0);
                long bytes = state.names().stream()
                        .mapToLong(name -> state.get(name).type().bytes())
                        .sum();
                return bytes + step.arenaBytes();
            }
        });
    }
}
