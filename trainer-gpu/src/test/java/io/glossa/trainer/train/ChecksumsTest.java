package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ranks tell of their models, and what one bit that is wrong on one of them does to it. */
class ChecksumsTest {
    private static final ModelConfig MODEL =
            new ModelConfig(1, 64, 2, 64, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);

    /** The weight of its head is large, so that ranks share its update. */
    private static final BestRq OBJECTIVE = new BestRq(MODEL, new BestRqConfig(1, 4200, 4, 0.7, 0.1, 3, 0.1));

    private static final Synthetic UTTERANCES = new Synthetic(24, 29, 80, 3, 1);

    /** Of a float's fraction; in the last one what follows may round it away. */
    private static final int BIT = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"2,none", "3,optimizer", "2,parameters"})
    void allRanksHaveTheSame(int count, String sharding) {
        List<Map<Long, Integer>> sums = train(count, sharding, 4, -1);

        assertThat(sums.get(0).keySet()).containsExactly(0L, 4L, 8L, 9L);
        assertThat(sums.get(0).values()).doesNotHaveDuplicates();
        assertThat(sums).allSatisfy(other -> assertThat(other).isEqualTo(sums.get(0)));
    }

    @ParameterizedTest
    @CsvSource({"none", "optimizer"})
    void oneBitOfOneRankShows(String sharding) {
        List<Map<Long, Integer>> sums = train(3, sharding, 2, 3);

        assertThat(sums.get(2)).isEqualTo(sums.get(0));
        assertThat(sums.get(1).get(2L)).isEqualTo(sums.get(0).get(2L));
        assertThat(sums.get(1).get(4L)).isNotEqualTo(sums.get(0).get(4L));
        assertThat(sums.get(1).get(9L))
                .as("goes on to differ")
                .isNotEqualTo(sums.get(0).get(9L));
    }

    @Test
    void oneRankAloneAndZeroTellNothing() {
        assertThat(train(1, "none", 4, -1).get(0)).isEmpty();
        assertThat(train(2, "none", 0, -1).get(0)).isEmpty();
    }

    /** Of each rank, the checksums by step; in one of them a bit is turned after a step. */
    private List<Map<Long, Integer>> train(int count, String sharding, int every, int turned) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                new TreeMap<>(Map.of(
                        "passes", "3",
                        "parts", "3",
                        "buckets", "80",
                        "batch-seconds", "3.2",
                        "warmup-steps", "0",
                        "checksum-steps", Integer.toString(every),
                        "sharding", sharding)),
                TrainConfig.DEFAULTS);
        BatchSource source = UTTERANCES.source(config.bucketTable(), OBJECTIVE);
        Folder run = Folder.of(folder.resolve(count + sharding + every));
        return RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), count, device -> {
            Map<Long, Integer> sums = new TreeMap<>();
            Watched watched = new Watched(device, new ArrayList<>());
            try (Trainer trainer = Trainer.open(watched, OBJECTIVE, source, config, new Start.Fresh())) {
                trainer.run(run, "test", Map.of(), new StepListener() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() == turned && device.rank().index() == 1) {
                            turnBit(watched.states().get(0));
                        }
                    }

                    @Override
                    public void onChecksum(long step, int sum) {
                        sums.put(step, sum);
                    }
                });
            }
            return sums;
        });
    }

    private static void turnBit(State state) {
        String name = state.names().stream()
                .filter(any -> any.startsWith("encoder.") && any.endsWith(".bias"))
                .findFirst()
                .orElseThrow();
        HostTensor bias = state.get(name);
        bias.floats()[3] = Float.intBitsToFloat(Float.floatToRawIntBits(bias.floats()[3]) ^ BIT);
        state.put(name, bias);
    }

    /** Another device, whose states it shows. */
    private record Watched(Device device, List<State> states) implements Device {
        @Override
        public String name() {
            return device.name();
        }

        @Override
        public Rank rank() {
            return device.rank();
        }

        @Override
        public State allocate(Map<String, LazyTensor> values) {
            states.add(device.allocate(values));
            return states.get(0);
        }

        @Override
        public Executable load(String name, Graph graph) {
            return device.load(name, graph);
        }

        @Override
        public void close() {}
    }
}
