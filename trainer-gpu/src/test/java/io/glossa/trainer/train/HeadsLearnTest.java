package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.config.ConfigBinder;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each head learns to read tones, and is then decoded to what they say. */
@Tag("slow")
class HeadsLearnTest {
    private static final int SEED = 2;
    private static final SymbolTable SYMBOLS = SymbolTable.ofText("abc");
    private static final ModelConfig MODEL =
            new ModelConfig(1, 32, 2, 48, 5, "full", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);

    @ParameterizedTest
    @EnumSource(Head.class)
    void readsWhatItLearned(Head head) {
        System.out.println("seed " + SEED);
        Synthetic speech = new Synthetic(1, 48, 120, SYMBOLS.size() - 1, SEED);
        Map<String, String> settings = Map.of(
                "prediction-width", "16",
                "joint-width", "32",
                "decoder-layers", "1",
                "label-smoothing", "0",
                "spec-augment", "false");
        Objective objective = head.objective(MODEL, SYMBOLS, settings);
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                Map.of("batch-seconds", "9.6", "buckets", "120", "learning-rate", "0.01", "passes", "60"),
                TrainConfig.DEFAULTS);
        try (CpuDevice device = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE);
                Trainer trainer = Trainer.open(
                        device, objective, speech.source(config.bucketTable(), objective), config, new Start.Fresh())) {
            trainer.run(trainer.totalSteps(), report -> {});
            try (Recognizer recognizer = Recognizer.open(device, trainer.checkpoint(Map.of()), 9.6)) {
                List<Hypothesis> heard = recognizer.recognize(IntStream.range(0, speech.size())
                        .mapToObj(speech::features)
                        .toList());
                long right = IntStream.range(0, speech.size())
                        .filter(i -> heard.get(i)
                                .text()
                                .equals(SYMBOLS.decode(speech.utterance(i).labels())))
                        .count();
                assertThat(right).as("texts read").isGreaterThanOrEqualTo(speech.size() / 2L);
            }
        }
    }
}
