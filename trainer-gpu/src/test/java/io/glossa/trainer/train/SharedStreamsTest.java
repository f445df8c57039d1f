package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MOST, whose three streams have programs of their own, with parts of large parameters on each rank. */
class SharedStreamsTest {
    /** Its feed-forward layers are large. */
    private static final Most MOST = new Most(
            new ModelConfig(1, 64, 2, 4100, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4, 0, 1),
            SymbolTable.ofText("abc"),
            new BestRqConfig(1, 16, 4, 0.7, 0.1, 3, 0.1),
            new RnntConfig(6, 10),
            new MostConfig(MostConfig.DEFAULTS.phases(), 40, 40, 3, 1, 0.3, 2, 1, 8, Durations.Kind.RANDOM, 2),
            false);

    @TempDir
    Path folder;

    /** Of three parts, one rank of two has one, and of an epoch's last step there are fewer. */
    @Test
    void givesTheSameBits() {
        requireSame(2, 3, 2, "parameters", "cpu");
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "2,3,3,optimizer,cpu",
        "4,4,2,parameters,cpu",
        "4,5,2,parameters,cpu",
        "2,2,1,optimizer,emit-only",
        "2,3,1,parameters,emit-only"
    })
    void givesTheSameBitsInMoreParts(int ranks, int parts, int steps, String sharding, String device) {
        requireSame(ranks, parts, steps, sharding, device);
    }

    private void requireSame(int ranks, int parts, int steps, String sharding, String device) {
        Checkpoint whole = train(device, ranks, parts, steps, "none");
        Checkpoint shared = train(device, ranks, parts, steps, sharding);

        assertSame(whole.model(), shared.model());
        assertSame(whole.optimizer(), shared.optimizer());
    }

    private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (name, tensor) -> assertThat(found.get(name).floats()).as(name).isEqualTo(tensor.floats()));
    }

    private Checkpoint train(String device, int ranks, int parts, int steps, String sharding) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                new TreeMap<>(Map.of(
                        "parts",
                        Integer.toString(parts),
                        "buckets",
                        "80",
                        "batch-seconds",
                        "1.6",
                        "sharding",
                        sharding)),
                TrainConfig.DEFAULTS);
        List<Stream> streams = List.of(
                Stream.ofSpeech(
                        Most.PAIRED,
                        MOST.paired(),
                        new Synthetic(1, 7, 80, 3, 1).source(config.bucketTable(), MOST.paired()),
                        config.batches()),
                Stream.ofSpeech(
                        Most.UNTRANSCRIBED,
                        MOST.untranscribed(),
                        new Synthetic(2, 9, 80, 3, 2).source(config.bucketTable(), MOST.untranscribed()),
                        config.batches()),
                Stream.ofText(
                        Most.TEXT,
                        MOST.text(),
                        new Synthetic(3, 5, 80, 3, 3).source(config.bucketTable(), MOST.text()),
                        config.batches(),
                        MOST.settings().layout()));
        Curriculum curriculum = Curriculum.parse(
                List.of("1:untranscribed=0.5+paired", steps + ":untranscribed+paired=0.5+text=0.3"),
                streams.stream().map(Stream::name).toList());
        Folder run = Folder.of(folder.resolve(sharding));
        RankThreads.onDevices(DeviceRequest.of(device).withThreads(1), ranks, opened -> {
            try (Trainer trainer = Trainer.open(opened, MOST, streams, curriculum, config, new Start.Fresh())) {
                trainer.run(run, "test", Map.of(), report -> {});
            }
            return 0;
        });
        return Checkpoints.read(Checkpoints.latest(run).orElseThrow());
    }
}
