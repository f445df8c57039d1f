package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Greedy decoding of a transducer, many utterances at once and some frames in a row, against one cell after another. */
class RnntDecoderTest {
    private static final int SEED = 4;
    private static final int PREDICTION = 6;
    private static final int JOINT = 10;
    private static final Rnnt MODEL = new Rnnt(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            SymbolTable.ofText("abcde"),
            new RnntConfig(PREDICTION, JOINT),
            false);
    private static final int SYMBOLS = MODEL.symbols().size();

    /** Of more utterances than there are rows, of several lengths; so decided that labels are many and follow each other. */
    @Test
    void findsWhatOneCellAfterAnotherDoes() {
        System.out.println("seed " + SEED);
        Synthetic source = new Synthetic(1, 21, 330, 3, SEED);
        Map<String, Tensor> tensors = decided();
        CheckpointMeta meta = new CheckpointMeta(1, Rnnt.KIND, MODEL.config(), Map.of(), Map.of(), Map.of());
        List<Hypothesis> found;
        try (Recognizer recognizer = Recognizer.open(
                new ReferenceDevice(), new Checkpoint(1, tensors, Map.of(), meta), InferenceBatch.SECONDS)) {
            found = recognizer.recognize(
                    IntStream.range(0, source.size()).mapToObj(source::features).toList());
        }
        int most = 0;
        for (int i = 0; i < source.size(); i++) {
            Walked wanted = walked(tensors, source.features(i));
            assertThat(found.get(i).text()).isEqualTo(wanted.text);
            assertThat(found.get(i).score()).isCloseTo(wanted.score, within(1e-3));
            assertThat(found.get(i).confidence())
                    .isCloseTo(wanted.labels == 0 ? 0 : Math.exp(wanted.named / wanted.labels), within(1e-4));
            most = Math.max(most, wanted.mostOfAFrame);
        }
        assertThat(found)
                .extracting(Hypothesis::text)
                .anyMatch(text -> text.chars().distinct().count() > 2);
        assertThat(most).as("labels of a frame").isEqualTo(LatticeWalk.MOST_LABELS);
    }

    /** Weights as they begin, of which those that decide are larger. */
    private static Map<String, Tensor> decided() {
        Trace trace = new Trace();
        MODEL.traceRecognition(trace, new Bucket(1, 40), 0);
        Map<String, Tensor> tensors = new HashMap<>();
        trace.initial(SEED).forEach((name, lazy) -> {
            float[] values = lazy.value().floats();
            float scale = name.startsWith("joint.") && name.endsWith(".weight") ? 5 : 1;
            for (int i = 0; i < values.length; i++) {
                values[i] *= scale;
            }
            int[] dims = lazy.type().shape().dims();
            tensors.put(
                    name, Tensor.of(values, IntStream.of(dims).asLongStream().toArray()));
        });
        return tensors;
    }

    private static final class Walked {
        private String text = "";
        private double score;
        private double named;
        private int labels;
        private int mostOfAFrame;
    }

    /** The definition: at each frame the best symbol after the labels so far, until that is blank. */
    private static Walked walked(Map<String, Tensor> tensors, float[] features) {
        float[] frames = frames(tensors, features);
        Walked walked = new Walked();
        List<Integer> labels = new ArrayList<>(List.of(0, 0));
        for (int t = 0; t < frames.length / JOINT; t++) {
            for (int ofFrame = 0; ofFrame < LatticeWalk.MOST_LABELS; ofFrame++) {
                double[] logits = logits(tensors, frames, t, labels);
                int best = IntStream.range(0, SYMBOLS).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
                double sum = IntStream.range(0, SYMBOLS)
                        .mapToDouble(v -> Math.exp(logits[v] - logits[best]))
                        .sum();
                walked.score -= Math.log(sum);
                if (best == 0) {
                    break;
                }
                labels.add(best);
                walked.named -= Math.log(sum);
                walked.labels++;
                walked.mostOfAFrame = Math.max(walked.mostOfAFrame, ofFrame + 1);
            }
        }
        walked.text = MODEL.symbols()
                .decode(labels.stream().mapToInt(Integer::intValue).toArray());
        return walked;
    }

    private static double[] logits(Map<String, Tensor> tensors, float[] frames, int t, List<Integer> labels) {
        double[] context = new double[2 * PREDICTION];
        for (int i = 0; i < context.length; i++) {
            int symbol = labels.get(labels.size() - 2 + i / PREDICTION);
            context[i] = tensors.get("prediction.embedding").floats()[symbol * PREDICTION + i % PREDICTION];
        }
        double[] predicted = affine(tensors, "prediction.convolution", context);
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = Math.max(0, predicted[i]);
        }
        double[] hidden = affine(tensors, "joint.prediction", predicted);
        for (int j = 0; j < JOINT; j++) {
            hidden[j] = Math.tanh(hidden[j] + frames[t * JOINT + j]);
        }
        return affine(tensors, "joint.output", hidden);
    }

    private static double[] affine(Map<String, Tensor> tensors, String layer, double[] x) {
        float[] weight = tensors.get(layer + ".weight").floats();
        double[] y = new double[weight.length / x.length];
        for (int out = 0; out < y.length; out++) {
            y[out] = tensors.containsKey(layer + ".bias")
                    ? tensors.get(layer + ".bias").floats()[out]
                    : 0;
            for (int in = 0; in < x.length; in++) {
                y[out] += x[in] * weight[in * y.length + out];
            }
        }
        return y;
    }

    /** What the joint network takes of an utterance's frames, alone and without padding. */
    private static float[] frames(Map<String, Tensor> tensors, float[] features) {
        int frames = features.length / Synthetic.MELS;
        Bucket bucket = new Bucket(1, (frames + 3) / 4 * 4);
        Trace trace = new Trace();
        Map<String, HostTensor> batch = Map.of(
                Inputs.FEATURES, BatchTensors.features(List.of(features), bucket, Synthetic.MELS),
                Inputs.LENGTHS, BatchTensors.lengths(List.of(features), bucket, Synthetic.MELS));
        try (ReferenceDevice device = new ReferenceDevice();
                Executable encoder = device.load("encoder", Joint.graph(Recognizer.hearing(MODEL, bucket, 0), trace));
                State state = device.allocate(values(tensors, trace))) {
            return encoder.run(state, batch).get(Rnnt.FRAMES).floats();
        }
    }

    private static Map<String, LazyTensor> values(Map<String, Tensor> tensors, Trace trace) {
        return ModelTensors.write(tensors, ModelTensors.model(trace), "model");
    }
}
