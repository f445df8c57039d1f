package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.GradientCheck;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objectives as whole programs, on the reference. */
class ObjectiveTest {
    private static final int SEED = 6;
    private static final int MELS = 6;
    private static final int FRAMES = 48;
    private static final int[] LENGTHS = {48, 29};
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:5", ModelConfig.Convolution.CROSSING, MELS, 12);
    private static final BestRqConfig MASKS = new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1);
    private static final RnntConfig TRANSDUCER = new RnntConfig(6, 10);
    private static final SymbolTable SYMBOLS = SymbolTable.ofText("abc");

    static Stream<Objective> objectives() {
        return Stream.concat(smooth(), Stream.of(new Ctc(MODEL, SYMBOLS, true), most(1).paired()));
    }

    /**
     * Without augmentation: of so few bins it hides all, and layer norm's slope is steep at frames of zeros. And without
     * consistency, of which one side has no gradient.
     */
    static Stream<Objective> smooth() {
        return Stream.of(
                new BestRq(MODEL, MASKS),
                new Ctc(MODEL, SYMBOLS, false),
                new Rnnt(MODEL, SYMBOLS, TRANSDUCER, false),
                new Las(MODEL, SYMBOLS, new LasConfig(2, 0.1, 0.3), false),
                most(0).untranscribed(),
                most(0).paired(),
                most(0).text());
    }

    private static Most most(double consistency) {
        ModelConfig model =
                new ModelConfig(1, 8, 2, 12, 3, "chunk:5", ModelConfig.Convolution.CROSSING, MELS, 12, 0, 1);
        MostConfig settings = new MostConfig(
                MostConfig.DEFAULTS.phases(), 40, 40, 3, consistency, 0.3, 2, 2, 3, Durations.Kind.RANDOM, 2);
        return new Most(model, SYMBOLS, MASKS, TRANSDUCER, settings, false);
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void gradientHolds(Objective objective) {
        Bucket bucket = new Bucket(2, FRAMES);
        new GradientCheck(
                        trace -> {
                            objective.trace(trace, bucket);
                            return trace.loss().orElseThrow().sum();
                        },
                        batch(bucket),
                        SEED)
                .holds(1e-4);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void rowsWithoutAnUtteranceCountNothing(Objective objective) {
        Map<String, HostTensor> full = run(objective, new Bucket(2, FRAMES));
        Map<String, HostTensor> roomy = run(objective, new Bucket(5, FRAMES));
        full.forEach((name, value) -> {
            for (int i = 0; i < value.type().shape().size(); i++) {
                assertThat(roomy.get(name).at(i)).as(name).isCloseTo(value.at(i), within(1e-6));
            }
        });
    }

    /** More room for frames and labels, and noise where no utterance is. */
    @ParameterizedTest
    @MethodSource("smooth")
    void whatIsBeyondAnUtteranceCountsNothing(Objective objective) {
        if (objective instanceof BestRq) {
            return; // has as many masks as there is room for
        }
        Bucket wide = new Bucket(2, FRAMES + 16);
        Map<String, HostTensor> batch = batch(wide);
        float[] features = batch.get(Inputs.FEATURES).floats();
        for (int i = (FRAMES + 16 + LENGTHS[1]) * MELS; i < features.length; i++) {
            features[i] = 3;
        }
        Map<String, HostTensor> found =
                Evaluate.on(new ReferenceDevice(), batch, trace -> objective.trace(trace, wide));
        run(objective, new Bucket(2, FRAMES))
                .forEach((name, value) ->
                        assertThat(found.get(name).at(0)).as(name).isCloseTo(value.at(0), within(1e-6)));
    }

    @Test
    void aTextMayBeEmpty() {
        Bucket bucket = new Bucket(2, FRAMES);
        smooth().forEach(objective -> {
            Map<String, HostTensor> batch = batch(bucket);
            batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(new int[] {0, 2}, 2));
            Map<String, HostTensor> outputs =
                    Evaluate.on(new ReferenceDevice(), batch, trace -> objective.trace(trace, bucket));
            assertThat(outputs.get("loss").at(0)).isFinite().isPositive();
        });
    }

    /** All have the same weights, which are a function of names. */
    @Test
    void theLossOfLasIsMadeOfItsParts() {
        double plain = loss(new Las(MODEL, SYMBOLS, new LasConfig(2, 0, 0), false));
        double smooth = loss(new Las(MODEL, SYMBOLS, new LasConfig(2, 0.2, 0), false));
        double ctc = loss(new Ctc(MODEL, SYMBOLS, false));
        assertThat(loss(new Las(MODEL, SYMBOLS, new LasConfig(2, 0.1, 0), false)))
                .isNotCloseTo(plain, within(1e-4))
                .isCloseTo((plain + smooth) / 2, within(1e-6));
        assertThat(loss(new Las(MODEL, SYMBOLS, new LasConfig(2, 0.2, 0.3), false)))
                .isCloseTo(0.7 * smooth + 0.3 * ctc, within(1e-6));
    }

    private static double loss(Objective objective) {
        return run(objective, new Bucket(2, FRAMES)).get("loss").at(0);
    }

    @Test
    void aBatchOfNothingIsFinite() {
        objectives().forEach(objective -> {
            Bucket bucket = new Bucket(2, FRAMES);
            Map<String, HostTensor> batch = batch(bucket);
            batch.put(Inputs.LENGTHS, HostTensor.of(new int[2], 2));
            batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(new int[2], 2));
            Map<String, HostTensor> outputs =
                    Evaluate.on(new ReferenceDevice(), batch, trace -> objective.trace(trace, bucket));
            assertThat(outputs.get("loss").at(0)).isZero();
        });
    }

    @Test
    void ctcCountsWhatNoAlignmentSpells() {
        Ctc ctc = new Ctc(MODEL, SYMBOLS, false);
        Bucket bucket = new Bucket(2, FRAMES);
        Map<String, HostTensor> batch = batch(bucket);
        int[] labels = new int[2 * bucket.labels()];
        Arrays.fill(labels, bucket.labels(), bucket.labels() + 5, 1);
        batch.put(Inputs.LABELS, HostTensor.of(labels, 2, bucket.labels()));
        batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(new int[] {0, 5}, 2));
        assertThat(infeasible(ctc, bucket, batch)).isEqualTo(1);
        batch.put(Inputs.LENGTHS, HostTensor.of(new int[] {48, 36}, 2));
        assertThat(infeasible(ctc, bucket, batch)).isZero();
    }

    @Test
    void metricsOfBestRqAreShares() {
        Map<String, HostTensor> outputs = run(new BestRq(MODEL, MASKS), new Bucket(2, FRAMES));
        assertThat(outputs.get("loss").at(0)).isCloseTo(Math.log(9), within(1.0));
        assertThat(outputs.get("masked-accuracy").at(0)).isBetween(0.0, 1.0);
        assertThat(outputs.get("masked-share").at(0)).isBetween(0.05, 0.7);
        assertThat(outputs.get("codebook-coverage").floats()).hasSize(2);
        for (int k = 0; k < 2; k++) {
            assertThat(outputs.get("codebook-coverage").at(k)).isBetween(1 / 9.0, 1.0);
            double entropy = outputs.get("codebook-entropy").at(k);
            assertThat(entropy).isBetween(0.0, Math.log(9));
            assertThat(outputs.get("codebook-perplexity").at(k)).isCloseTo(Math.exp(entropy), within(1e-5));
        }
    }

    @Test
    void configurationIsReadBack() {
        SymbolTable symbols = SymbolTable.ofText("é ñ");
        for (Recognition recogniser : List.of(
                new Ctc(MODEL, symbols, true),
                new Rnnt(MODEL, symbols, new RnntConfig(6, 10), false),
                new Las(MODEL, symbols, new LasConfig(1, 0.2, 0), true))) {
            assertThat(Head.recognition(recogniser.kind(), recogniser.config())).contains(recogniser);
        }
        assertThat(new BestRq(MODEL, MASKS).config())
                .containsEntry("codebooks", "2")
                .containsEntry("d-model", "8");
    }

    private static double infeasible(Ctc ctc, Bucket bucket, Map<String, HostTensor> batch) {
        return Evaluate.on(new ReferenceDevice(), batch, trace -> ctc.trace(trace, bucket))
                .get("infeasible")
                .at(0);
    }

    private static Map<String, HostTensor> run(Objective objective, Bucket bucket) {
        return Evaluate.on(new ReferenceDevice(), batch(bucket), trace -> objective.trace(trace, bucket));
    }

    /** Two utterances; the rows beyond hold none. */
    private static Map<String, HostTensor> batch(Bucket bucket) {
        Random random = new Random(SEED);
        int rows = bucket.utterances();
        float[] features = new float[rows * bucket.frames() * MELS];
        for (int row = 0; row < 2; row++) {
            for (int i = 0; i < FRAMES * MELS; i++) {
                features[row * bucket.frames() * MELS + i] = (float) random.nextGaussian();
            }
        }
        int[] labels = new int[rows * bucket.labels()];
        System.arraycopy(new int[] {1, 2, 2, 3}, 0, labels, 0, 4);
        System.arraycopy(new int[] {3, 1}, 0, labels, bucket.labels(), 2);
        int[] starts = new int[rows * bucket.labels()];
        System.arraycopy(new int[] {0, 2, 2, 9}, 0, starts, 0, 4);
        System.arraycopy(new int[] {0, 5}, 0, starts, bucket.labels(), 2);
        Map<String, HostTensor> batch = new HashMap<>();
        batch.put(Inputs.STARTS, HostTensor.of(starts, rows, bucket.labels()));
        batch.put(Trace.SEED, HostTensor.scalar(SEED));
        batch.put(Trace.STEP, HostTensor.scalar(2));
        batch.put(Inputs.STREAMS, HostTensor.of(IntStream.range(2, 2 + rows).toArray(), rows));
        batch.put(Inputs.FEATURES, HostTensor.of(features, rows, bucket.frames(), MELS));
        batch.put(Inputs.LENGTHS, HostTensor.of(Arrays.copyOf(LENGTHS, rows), rows));
        batch.put(Inputs.LABELS, HostTensor.of(labels, rows, bucket.labels()));
        batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(Arrays.copyOf(new int[] {4, 2}, rows), rows));
        return batch;
    }
}
