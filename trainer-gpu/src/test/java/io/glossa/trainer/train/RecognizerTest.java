package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.objective.LasConfig;
import io.glossa.trainer.objective.Recognition;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recognition by a model of random weights, on one device as on another. */
class RecognizerTest {
    private static final int SEED = 5;
    private static final ModelConfig ENCODER =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final SymbolTable TABLE = SymbolTable.ofText("abc");
    private static final int SYMBOLS = TABLE.size();
    private static final Synthetic SOURCE = new Synthetic(1, 7, 160, 3, SEED);
    private static final List<float[]> SPEECH =
            IntStream.range(0, SOURCE.size()).mapToObj(SOURCE::features).toList();
    private static final Map<Head, Checkpoint> RANDOM = new EnumMap<>(Map.of(
            Head.CTC, random(new Ctc(ENCODER, TABLE, false)),
            Head.RNNT, random(new Rnnt(ENCODER, TABLE, new RnntConfig(6, 10), false)),
            Head.LAS, random(new Las(ENCODER, TABLE, new LasConfig(2, 0.1, 0.3), false))));

    private static final Map<Head, String> OUTPUTS =
            Map.of(Head.CTC, "ctc.weight", Head.RNNT, "joint.output.weight", Head.LAS, "decoder.output.weight");

    /** Batches of two short utterances, or of one: some are full, some are not. */
    private static final double SECONDS = 2.4;

    @ParameterizedTest
    @EnumSource(Head.class)
    void everyDeviceHearsTheSame(Head head) {
        for (String name : List.of("cpu", "emit-only")) {
            try (Device device = DeviceRequest.of(name).open()) {
                assertHearsTheSame(device, head);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "emit-only"})
    void logProbabilitiesAreThoseOfEachUtteranceAlone(String name) {
        try (Device device = DeviceRequest.of(name).open()) {
            assertPaddingDoesNotCount(device);
        }
    }

    @Test
    @Tag("gpu")
    void aGpuHearsTheSame() {
        try (Device gpu = Devices.gpu(Precision.FP32)) {
            RANDOM.keySet().forEach(head -> assertHearsTheSame(gpu, head));
            assertPaddingDoesNotCount(gpu);
        }
    }

    @Test
    void symbolsOfAnotherModelAreRefused() {
        RANDOM.forEach((head, random) -> {
            Map<String, String> config = new HashMap<>(random.meta().config());
            config.put("symbols", "abcd");
            assertThatThrownBy(() -> Recognizer.open(new ReferenceDevice(), with(random, head.kind(), config), SECONDS))
                    .hasMessageContaining("'abcd', has 5 symbols with the blank, expected the 4 of its ")
                    .hasMessageContaining(OUTPUTS.get(head));
        });
    }

    @Test
    void aModelThatIsNoRecogniserIsRefused() {
        Checkpoint random = RANDOM.get(Head.CTC);
        Checkpoint other = with(random, "bestrq", random.meta().config());
        assertThatThrownBy(() -> Recognizer.open(new ReferenceDevice(), other, SECONDS))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot recognise with a checkpoint of kind 'bestrq', expected one of "
                        + String.join(", ", Head.kinds()) + " (fine-tune it first)");
    }

    @Test
    void framesHaveProbabilitiesUnderCtcAlone() {
        try (Recognizer recognizer = Recognizer.open(new ReferenceDevice(), RANDOM.get(Head.RNNT), SECONDS)) {
            assertThatThrownBy(() -> recognizer.logProbabilities(SPEECH))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                    .hasMessageContaining("found a model of kind 'rnnt'")
                    .hasMessageEndingWith("expected ctc");
        }
    }

    private static Checkpoint with(Checkpoint model, String kind, Map<String, String> config) {
        CheckpointMeta meta = new CheckpointMeta(
                model.step(), kind, config, Map.of(), Map.of(), model.meta().lineage());
        return new Checkpoint(model.step(), model.model(), Map.of(), meta);
    }

    private static void assertHearsTheSame(Device device, Head head) {
        System.out.println("seed " + SEED);
        List<Hypothesis> wanted = on(new ReferenceDevice(), head, recognizer -> recognizer.recognize(SPEECH));
        List<Hypothesis> found = on(device, head, recognizer -> recognizer.recognize(SPEECH));
        assertThat(wanted).extracting(Hypothesis::text).anyMatch(text -> !text.isEmpty());
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(found.get(i).text()).isEqualTo(wanted.get(i).text());
            assertThat(found.get(i).frames()).isEqualTo(wanted.get(i).frames());
            assertThat(found.get(i).score()).isCloseTo(wanted.get(i).score(), within(1e-4));
            assertThat(found.get(i).confidence()).isCloseTo(wanted.get(i).confidence(), within(1e-4));
        }
    }

    private static void assertPaddingDoesNotCount(Device device) {
        List<float[]> together = on(device, Head.CTC, recognizer -> recognizer.logProbabilities(SPEECH));
        List<float[]> alone = on(
                new ReferenceDevice(),
                Head.CTC,
                recognizer -> SPEECH.stream()
                        .map(one -> recognizer.logProbabilities(List.of(one)).get(0))
                        .toList());
        List<Hypothesis> best = on(device, Head.CTC, recognizer -> recognizer.recognize(SPEECH));
        for (int i = 0; i < SPEECH.size(); i++) {
            float[] found = together.get(i);
            assertThat(found)
                    .hasSize(ModelConfig.encoderFrames(SOURCE.utterance(i).frames()) * SYMBOLS)
                    .containsExactly(alone.get(i), within(1e-4f));
            double score = 0;
            for (int from = 0; from < found.length; from += SYMBOLS) {
                double[] frame = doubles(found, from);
                assertThat(IntStream.range(0, SYMBOLS)
                                .mapToDouble(symbol -> Math.exp(frame[symbol]))
                                .sum())
                        .isCloseTo(1, within(1e-5));
                score += IntStream.range(0, SYMBOLS)
                        .mapToDouble(symbol -> frame[symbol])
                        .max()
                        .orElseThrow();
            }
            assertThat(best.get(i).score()).isCloseTo(score, within(1e-3));
        }
    }

    @Test
    void batchesFillTheMemoryOfADeviceAndKeepItBusy() {
        int most = batchFrames(Long.MAX_VALUE);
        assertThat(most / 100.0).isEqualTo(InferenceBatch.MOST_SECONDS);
        int longest = TrainConfig.DEFAULTS.bucketTable().longest();
        long free = 1 << 20;
        assertThatThrownBy(() -> batchFrames(free))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith("Cannot recognise on small: the program for one utterance of " + longest)
                .hasMessageContaining("found 1 MB free");
        int some = batchFrames(8 << 20);
        assertThat(some).isBetween(longest, most - longest).isLessThanOrEqualTo(batchFrames(12 << 20));
    }

    private static int batchFrames(long free) {
        DeviceMemory memory = new DeviceMemory(free, Target.CPU, Compile.Options.DEFAULTS);
        try (Recognizer recognizer = Recognizer.open(new SmallDevice(memory), RANDOM.get(Head.CTC))) {
            return recognizer.batchFrames();
        }
    }

    private static <T> T on(Device device, Head head, Function<Recognizer, T> work) {
        try (Recognizer recognizer = Recognizer.open(device, RANDOM.get(head), SECONDS)) {
            return work.apply(recognizer);
        }
    }

    private static double[] doubles(float[] values, int from) {
        return IntStream.range(from, from + SYMBOLS).mapToDouble(i -> values[i]).toArray();
    }

    private static Checkpoint random(Recognition model) {
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, Map.of("seed", "" + SEED), TrainConfig.DEFAULTS);
        try (Trainer trainer = Trainer.open(
                new ReferenceDevice(), model, SOURCE.source(config.bucketTable(), model), config, new Start.Fresh())) {
            return trainer.checkpoint(Map.of());
        }
    }
}
