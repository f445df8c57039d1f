package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.text.BpeTraining;
import io.glossa.trainer.text.SentencePiece;
import io.glossa.trainer.train.Recognizer;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.TrainConfig;
import io.glossa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/rebuild.py}, which knows what {@code docs/checkpoint.md} says and no more, against Glossa itself. */
class RebuildTest {
    private static final int SEED = 3;
    private static final FrontEndConfig USUAL = FrontEndConfig.usm();
    private static final FrontEndConfig OTHER = new FrontEndConfig(16_000, 400, 200, 1024, 40, 60, 8000, 0.97, 1e-3);
    private static final CpuDevice CPU = CpuDevice.open(1, CpuDevice.defaultCache(), Dumps.NONE);

    @TempDir
    Path folder;

    @BeforeAll
    static void requirePython() throws Exception {
        try {
            if (run("-c", "import numpy, torch").status() == 0) {
                System.out.println("seed " + SEED);
                return;
            }
        } catch (IOException e) {
            skip("no python3 here: " + e.getMessage());
        }
        skip("python3 has no numpy and torch here");
    }

    private static void skip(String why) {
        System.out.println("skipped, " + why);
        Assumptions.abort(why);
    }

    @AfterAll
    static void close() {
        CPU.close();
    }

    /** Chunks within and beyond the utterance, or none; one layer and two; front ends that do and do not name themselves. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "usual 1 chunk:6 CROSSING 5",
                "usual 2 chunk:200 CROSSING 3",
                "other 2 full CROSSING 7",
                "usual 2 chunk:6 CAUSAL_CHUNK 5",
                "usual 2 local:7,3 CROSSING 5"
            })
    void hearsWhatTheRecogniserHears(
            String name, int layers, String attention, ModelConfig.Convolution convolution, int kernel)
            throws Exception {
        FrontEndConfig frontEnd = name.equals("usual") ? USUAL : OTHER;
        Tones speech = new Tones(frontEnd, 24, SEED);
        ModelConfig model = new ModelConfig(layers, 16, 2, 24, kernel, attention, convolution, frontEnd.mels(), 4);
        Map<String, String> lineage = name.equals("usual") ? Map.of() : named(frontEnd);
        Ctc objective = new Ctc(model, Tones.SYMBOLS, true);
        Checkpoint trained = trained(objective, speech, 25, new Start.Fresh(), lineage);
        Folder checkpoint = Checkpoints.write(Folder.of(folder), trained);
        try (Recognizer recognizer = Recognizer.open(CPU, trained, 4)) {
            for (int i = 0; i < 2; i++) {
                List<float[]> features = List.of(speech.features(i));
                var heard = recognizer.recognize(features).get(0);
                assertThat(heard.text()).isNotEmpty();
                float[] expected = recognizer.logProbabilities(features).get(0);

                Rebuilt byFeatures = rebuilt(checkpoint, speech.logMels(i, folder.resolve("u.f32")));
                assertThat(byFeatures.values()).containsExactly(expected, within(1e-4f));
                assertThat(byFeatures.said()).contains("text: " + heard.text() + "\n");
                assertThat(byFeatures.number("score")).isCloseTo(heard.score(), within(1e-3));
                assertThat(byFeatures.number("confidence")).isCloseTo(heard.confidence(), within(1e-4));

                // A half float that is rounded the other way is another feature by 2^-8 at most.
                Rebuilt byAudio = rebuilt(checkpoint, speech.wav(i, folder.resolve("u.wav")));
                assertThat(byAudio.values()).containsExactly(expected, within(0.02f));
                assertThat(byAudio.said()).contains("text: " + heard.text() + "\n");
            }
        }
    }

    /** What is found step by step, with all that such steps hang on. */
    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CTC"})
    void decodesWithEveryHead(Head head) throws Exception {
        Tones speech = new Tones(USUAL, 24, SEED);
        ModelConfig model =
                new ModelConfig(1, 16, 2, 24, 5, "chunk:6", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4);
        Map<String, String> settings = Map.of("prediction-width", "12", "joint-width", "20", "decoder-layers", "2");
        Objective objective = head.objective(model, Tones.SYMBOLS, settings);
        Checkpoint trained = trained(objective, speech, 60, new Start.Fresh(), Map.of());
        Folder checkpoint = Checkpoints.write(Folder.of(folder), trained);
        try (Recognizer recognizer = Recognizer.open(CPU, trained, 4)) {
            for (int i = 0; i < 3; i++) {
                var heard = recognizer.recognize(List.of(speech.features(i))).get(0);
                assertThat(heard.text()).isNotEmpty();
                Rebuilt rebuilt = rebuilt(checkpoint, speech.logMels(i, folder.resolve("u.f32")));
                assertThat(rebuilt.said()).contains("text: " + heard.text() + "\n");
                assertThat(rebuilt.number("score")).isCloseTo(heard.score(), within(1e-3));
                assertThat(rebuilt.number("confidence")).isCloseTo(heard.confidence(), within(1e-4));
            }
        }
    }

    /** Clusters of several code points, and pieces, of which the first are the unknown and the ends of a text. */
    @ParameterizedTest
    @ValueSource(strings = {"clusters", "pieces"})
    void spellsAsTheTokenizerDoes(String kind) throws Exception {
        Tones speech = new Tones(USUAL, 24, SEED);
        SymbolTable symbols = kind.equals("clusters")
                ? SymbolTable.ofText("a e\u0323\u0301€")
                : new SymbolTable(SentencePiece.of(BpeTraining.train(Map.of("ab", 9L), 7)));
        ModelConfig model =
                new ModelConfig(1, 16, 2, 24, 5, "chunk:6", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4);
        Checkpoint trained = trained(new Ctc(model, symbols, true), speech, 25, new Start.Fresh(), Map.of());
        Folder checkpoint = Checkpoints.write(Folder.of(folder), trained);
        try (Recognizer recognizer = Recognizer.open(CPU, trained, 4)) {
            var heard = recognizer.recognize(
                    IntStream.range(0, speech.size()).mapToObj(speech::features).toList());
            String mark = kind.equals("clusters") ? "\u1EB9\u0301" : "\u2047";
            assertThat(heard).anyMatch(each -> each.text().contains(mark));
            assertThat(heard)
                    .allMatch(each -> each.hasUnknown()
                            == (kind.equals("pieces") && each.text().contains(mark)));
            if (kind.equals("pieces") && run("-c", "import sentencepiece").status() != 0) {
                skip("python3 has no sentencepiece here");
            }
            for (int i = 0; i < 3; i++) {
                Rebuilt rebuilt = rebuilt(checkpoint, speech.logMels(i, folder.resolve("u.f32")));
                assertThat(rebuilt.said()).contains("text: " + heard.get(i).text() + "\n");
            }
        }
    }

    @Test
    void hearsWithAdaptersOnTheirBase() throws Exception {
        Tones speech = new Tones(USUAL, 12, SEED);
        ModelConfig alone =
                new ModelConfig(1, 16, 2, 24, 3, "chunk:6", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4, 0, 1);
        Objective bestRq = new BestRq(alone, new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1));
        Folder base = Checkpoints.write(
                Folder.of(folder.resolve("base")), trained(bestRq, speech, 0, new Start.Fresh(), Map.of()));
        ModelConfig adapted =
                new ModelConfig(1, 16, 2, 24, 3, "chunk:6", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4, 5, 1);
        Start start = new Start.Transfer(Checkpoints.readModel(base), Optional.of(base));
        Checkpoint trained = trained(
                new Ctc(adapted, Tones.SYMBOLS, true), speech, 3, start, Map.of(), Map.of("freeze", "encoder.**"));
        Folder adapters = Checkpoints.write(Folder.of(folder.resolve("adapters")), trained);
        assertThat(trained.meta().base()).isPresent();
        try (Recognizer recognizer = Recognizer.open(CPU, trained, 4)) {
            float[] expected =
                    recognizer.logProbabilities(List.of(speech.features(0))).get(0);
            Path source = speech.logMels(0, folder.resolve("u.f32"));
            Rebuilt rebuilt = rebuilt(adapters, source);
            assertThat(rebuilt.values()).containsExactly(expected, within(1e-4f));
            byte[] bytes = base.read("model.safetensors");
            bytes[bytes.length - 1] ^= 1;
            base.write("model.safetensors", bytes);
            Ended ended = run("../docs/rebuild.py", adapters.toString(), source.toString());
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.said()).contains("Cannot use base " + base + ": found model ");
        }
    }

    @Test
    void encodesAsAPreTrainedModelDoes() throws Exception {
        Tones speech = new Tones(USUAL, 12, SEED);
        ModelConfig model =
                new ModelConfig(2, 16, 4, 24, 5, "chunk:8", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4);
        Objective objective = new BestRq(model, new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1));
        Checkpoint pretrained = trained(objective, speech, 3, new Start.Fresh(), Map.of());
        Folder checkpoint = Checkpoints.write(Folder.of(folder), pretrained);
        Ctc reader = new Ctc(model, Tones.SYMBOLS, false);
        Checkpoint transferred = trained(reader, speech, 0, new Start.Transfer(pretrained), Map.of());
        try (Recognizer recognizer = Recognizer.open(CPU, transferred, 4)) {
            float[] expected =
                    recognizer.logProbabilities(List.of(speech.features(0))).get(0);
            Rebuilt rebuilt = rebuilt(checkpoint, speech.logMels(0, folder.resolve("u.f32")));
            int frames = ModelConfig.encoderFrames(speech.utterance(0).frames());
            assertThat(rebuilt.said()).endsWith("encoder output: " + frames + " frames of 16\n");
            assertThat(read(rebuilt.values(), transferred.model())).containsExactly(expected, within(1e-4f));
        }
    }

    @Test
    void refusesWhatItCannotRead() throws Exception {
        Tones speech = new Tones(USUAL, 4, SEED);
        Ctc objective = new Ctc(
                new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, USUAL.mels(), 4),
                Tones.SYMBOLS,
                false);
        Folder checkpoint =
                Checkpoints.write(Folder.of(folder), trained(objective, speech, 0, new Start.Fresh(), Map.of()));
        Path wav = speech.wav(0, folder.resolve("u.wav"));
        byte[] bytes = Files.readAllBytes(wav);
        bytes[22] = 2;
        bytes[32] = 4;
        Files.write(wav, bytes);
        Ended ended = run("../docs/rebuild.py", checkpoint.toString(), wav.toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.said())
                .contains("Cannot read " + wav
                        + ": found channels, bytes and rate (2, 2, 16000), expected 1, 2 and 16000");
    }

    private static Map<String, String> named(FrontEndConfig config) {
        return new FrontEnd(ConfigDigest.of(config), config.mels(), 1, ConfigBinder.values(config)).lineage();
    }

    private static Checkpoint trained(
            Objective objective, Tones speech, int passes, Start start, Map<String, String> lineage) {
        return trained(objective, speech, passes, start, lineage, Map.of());
    }

    private static Checkpoint trained(
            Objective objective,
            Tones speech,
            int passes,
            Start start,
            Map<String, String> lineage,
            Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(others);
        settings.putAll(Map.of(
                "batch-seconds",
                "4.8",
                "buckets",
                "120",
                "learning-rate",
                "0.02",
                "passes",
                Integer.toString(Math.max(1, passes))));
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
        try (Trainer trainer =
                Trainer.open(CPU, objective, speech.source(config.bucketTable(), objective), config, start)) {
            trainer.run(passes == 0 ? 0 : trainer.totalSteps(), report -> {});
            return trainer.checkpoint(lineage);
        }
    }

    /** Log-probabilities of encoder frames [T, d] by a model's head. */
    private static float[] read(float[] encoded, Map<String, Tensor> model) {
        float[] weight = model.get("ctc.weight").floats();
        float[] bias = model.get("ctc.bias").floats();
        int width = weight.length / bias.length;
        float[] result = new float[encoded.length / width * bias.length];
        for (int from = 0, at = 0; from < encoded.length; from += width, at += bias.length) {
            double[] logits = new double[bias.length];
            for (int symbol = 0; symbol < bias.length; symbol++) {
                logits[symbol] = bias[symbol];
                for (int k = 0; k < width; k++) {
                    logits[symbol] += encoded[from + k] * weight[k * bias.length + symbol];
                }
            }
            double normaliser = Math.log(Arrays.stream(logits).map(Math::exp).sum());
            for (int symbol = 0; symbol < bias.length; symbol++) {
                result[at + symbol] = (float) (logits[symbol] - normaliser);
            }
        }
        return result;
    }

    private record Rebuilt(String said, float[] values) {
        double number(String name) {
            return said.lines()
                    .filter(line -> line.startsWith(name + ": "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 2)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Rebuilt rebuilt(Folder checkpoint, Path source) throws Exception {
        Path out = folder.resolve("out.f32");
        Ended ended = run("../docs/rebuild.py", checkpoint.toString(), source.toString(), out.toString());
        assertThat(ended.status()).as(ended.said()).isZero();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return new Rebuilt(ended.said(), values);
    }

    private record Ended(int status, String said) {}

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }
}
