package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.nn.TextDecoder;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.train.Hypothesis;
import io.glossa.trainer.train.Recognizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Spelling step by step, in batches, what is carried from step to step, against whole texts computed anew for each symbol. */
class LasDecodingTest {
    private static final int SEED = 9;
    private static final int LAYERS = 2;
    private static final Las MODEL = new Las(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            SymbolTable.ofText("abcde"),
            new LasConfig(LAYERS, 0.1, 0),
            false);
    private static final int SYMBOLS = MODEL.symbols().size();

    @Test
    void stepsSpellWhatWholeTextsDo() {
        System.out.println("seed " + SEED);
        Synthetic source = new Synthetic(1, 7, 150, 3, SEED);
        Map<String, LazyTensor> values = decided();
        CheckpointMeta meta = new CheckpointMeta(1, Las.KIND, MODEL.config(), Map.of(), Map.of(), Map.of());
        Map<String, Tensor> tensors = new HashMap<>();
        values.forEach((name, value) -> tensors.put(
                name,
                Tensor.of(
                        value.value().floats(),
                        Arrays.stream(value.type().shape().dims())
                                .asLongStream()
                                .toArray())));
        List<Hypothesis> found;
        try (Recognizer recognizer =
                Recognizer.open(new ReferenceDevice(), new Checkpoint(1, tensors, Map.of(), meta), 3)) {
            found = recognizer.recognize(
                    IntStream.range(0, source.size()).mapToObj(source::features).toList());
        }
        int ended = 0;
        for (int i = 0; i < source.size(); i++) {
            Spelled wanted = spelled(values, source.features(i));
            assertThat(found.get(i).text()).isEqualTo(MODEL.symbols().decode(wanted.symbols()));
            assertThat(found.get(i).score()).isCloseTo(wanted.score(), within(1e-4));
            ended += wanted.ended() && wanted.symbols().length > 1 ? 1 : 0;
        }
        assertThat(ended).as("texts that end before the limit, and are some").isBetween(1, source.size() - 1);
    }

    /** Weights as they begin, of which those that decide are larger. */
    private static Map<String, LazyTensor> decided() {
        Trace trace = new Trace();
        traced(trace, new Bucket(1, 40));
        Map<String, LazyTensor> values = new LinkedHashMap<>(trace.initial(SEED));
        LazyTensor output = values.get(MODEL.outputs());
        float[] larger = output.value().floats();
        for (int i = 0; i < larger.length; i++) {
            larger[i] *= 4;
        }
        values.put(
                MODEL.outputs(),
                LazyTensor.of(HostTensor.of(larger, output.type().shape().dims())));
        return values;
    }

    private record Spelled(int[] symbols, double score, boolean ended) {}

    private static Spelled spelled(Map<String, LazyTensor> values, float[] features) {
        int frames = features.length / Synthetic.MELS;
        Bucket bucket = new Bucket(1, (frames + 3) / 4 * 4);
        Trace trace = new Trace();
        traced(trace, bucket);
        Graph graph = new Graph(trace.builder(), trace.outputs(), Map.of(), Map.of());
        float[] padded = Arrays.copyOf(features, bucket.frames() * Synthetic.MELS);
        int[] before = new int[bucket.labels()];
        double score = 0;
        try (ReferenceDevice device = new ReferenceDevice();
                State state = device.allocate(values);
                Executable whole = device.load("whole", graph)) {
            for (int place = 0; place < bucket.labels(); place++) {
                HostTensor logits = whole.run(
                                state,
                                Map.of(
                                        Inputs.FEATURES,
                                        HostTensor.of(padded, 1, bucket.frames(), Synthetic.MELS),
                                        Inputs.LENGTHS,
                                        HostTensor.of(new int[] {frames}, 1),
                                        "before",
                                        HostTensor.of(before, 1, before.length)))
                        .get("logits");
                int from = place * SYMBOLS;
                int best = IntStream.range(0, SYMBOLS)
                        .reduce(0, (a, b) -> logits.at(from + b) > logits.at(from + a) ? b : a);
                score -= Math.log(IntStream.range(0, SYMBOLS)
                        .mapToDouble(v -> Math.exp(logits.at(from + v) - logits.at(from + best)))
                        .sum());
                if (best == 0) {
                    return new Spelled(Arrays.copyOfRange(before, 1, place + 1), score, true);
                }
                if (place + 1 < before.length) {
                    before[place + 1] = best;
                } else {
                    int[] all = Arrays.copyOfRange(before, 1, before.length + 1);
                    all[before.length - 1] = best;
                    return new Spelled(all, score, false);
                }
            }
        }
        throw new AssertionError("a text has a place");
    }

    private static void traced(Trace trace, Bucket bucket) {
        Encoded encoded = Encoded.of(trace, bucket, MODEL.model());
        TextDecoder decoder = new TextDecoder(Scope.root(trace).child("decoder"), MODEL.model(), LAYERS, SYMBOLS);
        trace.output(
                "logits",
                decoder.apply(
                        trace.batch("before", DType.I32, 1, bucket.labels()),
                        encoded.frames(),
                        encoded.lengths().real()));
    }
}
