package io.glossa.trainer.selftest;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.objective.LasConfig;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Utterances in which a band of bins per symbol is loud for some frames, and models that are small enough to learn them. */
final class TinyTask {
    /** Two chunks and a part of one, lengths that fill neither. */
    static final Bucket BUCKET = new Bucket(3, 88);

    private static final int MELS = 16;
    private static final int SEED = 4;
    private static final int FRAMES_PER_SYMBOL = 16;
    private static final SymbolTable SYMBOLS = SymbolTable.ofText("abcd");
    private static final ModelConfig MODEL =
            new ModelConfig(2, 64, 2, 96, 5, "chunk:9", ModelConfig.Convolution.CROSSING, MELS, 8);
    private static final ModelConfig MODEL_OF_SPEECH_AND_TEXT =
            new ModelConfig(1, 64, 2, 96, 5, "chunk:9", ModelConfig.Convolution.CROSSING, MELS, 8, 0, 1);
    private static final RnntConfig TRANSDUCER = new RnntConfig(24, 40);
    private static final BestRqConfig BOOKS = new BestRqConfig(2, 50, 16, 0.6, 0.1, 4, 0.1);

    private TinyTask() {}

    /**
     * All that are held to the reference in a precision. With products of F8 numbers, what trains by the best alignment is not
     * among them, since a number rounded to 4 bits makes another of several likely ones the best; nor what has no other products than these.
     */
    static List<Objective> objectives(Precision precision) {
        List<Objective> objectives = new ArrayList<>(List.of(
                new BestRq(MODEL, BOOKS), new Ctc(MODEL, SYMBOLS, false), new Rnnt(MODEL, SYMBOLS, TRANSDUCER, false)));
        if (!precision.isF8()) {
            MostConfig settings =
                    new MostConfig(MostConfig.DEFAULTS.phases(), 40, 40, 3, 1, 0.3, 3, 1, 4, Durations.Kind.FIXED, 2);
            Most most = new Most(MODEL_OF_SPEECH_AND_TEXT, SYMBOLS, BOOKS, TRANSDUCER, settings, false);
            objectives.addAll(
                    List.of(most.paired(), most.text(), new Las(MODEL, SYMBOLS, new LasConfig(1, 0.1, 0.3), false)));
        }
        return objectives;
    }

    /** The recogniser, which learns these utterances by heart. */
    static Objective learnable() {
        return new Ctc(MODEL, SYMBOLS, false);
    }

    /** The values that a step takes; always the same utterances. */
    static Map<String, HostTensor> batch(int step, double learningRate) {
        Random random = new Random(SEED);
        int rows = BUCKET.utterances();
        float[] features = new float[rows * BUCKET.frames() * MELS];
        int[] lengths = new int[rows];
        int[] labels = new int[rows * BUCKET.labels()];
        int[] labelLengths = new int[rows];
        int[] starts = new int[rows * BUCKET.labels()];
        for (int row = 0; row < rows; row++) {
            lengths[row] = BUCKET.frames() - 19 * row;
            labelLengths[row] = lengths[row] / FRAMES_PER_SYMBOL;
            for (int u = 0; u < labelLengths[row]; u++) {
                labels[row * BUCKET.labels() + u] = 1 + random.nextInt(SYMBOLS.size() - 1);
                starts[row * BUCKET.labels() + u] = u * FRAMES_PER_SYMBOL / ModelConfig.SUBSAMPLING;
            }
            for (int t = 0; t < lengths[row]; t++) {
                int symbol = labels[row * BUCKET.labels() + t / FRAMES_PER_SYMBOL];
                boolean speaks =
                        t % FRAMES_PER_SYMBOL < FRAMES_PER_SYMBOL / 2 && t / FRAMES_PER_SYMBOL < labelLengths[row];
                for (int mel = 0; mel < MELS; mel++) {
                    boolean loud = speaks && mel / 3 == symbol;
                    features[(row * BUCKET.frames() + t) * MELS + mel] =
                            (float) ((loud ? 2 : -1) + 0.3 * random.nextGaussian());
                }
            }
        }
        Map<String, HostTensor> batch = new HashMap<>();
        batch.put(Inputs.FEATURES, HostTensor.of(features, rows, BUCKET.frames(), MELS));
        batch.put(Inputs.LENGTHS, HostTensor.of(lengths, rows));
        int[] streams = IntStream.range(step * rows, (step + 1) * rows).toArray();
        batch.put(Inputs.STREAMS, HostTensor.of(streams, rows));
        batch.put(Inputs.LABELS, HostTensor.of(labels, rows, BUCKET.labels()));
        batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(labelLengths, rows));
        batch.put(Inputs.STARTS, HostTensor.of(starts, rows, BUCKET.labels()));
        batch.put(Inputs.LEARNING_RATE, HostTensor.scalar((float) learningRate));
        batch.put(Trace.SEED, HostTensor.scalar(SEED));
        batch.put(Trace.STEP, HostTensor.scalar(step));
        return batch;
    }
}
