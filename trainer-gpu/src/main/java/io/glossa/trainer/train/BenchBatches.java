package io.glossa.trainer.train;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random batches of one source: features, labels, or texts laid out over frames; every utterance as long as its bucket. They are the
 * same in every step, but for the random numbers that mask and disturb them.
 */
final class BenchBatches {
    private final Bucket bucket;
    private final Map<String, HostTensor> fixed;

    /** @param symbols of texts, without the blank */
    BenchBatches(StepRecipe.Source source, Bucket bucket, int symbols) {
        this.bucket = bucket;
        int rows = bucket.utterances();
        Type type = Type.f32(rows, bucket.frames(), source.objective().model().mels());
        fixed = new HashMap<>(Map.of(
                Inputs.LENGTHS, all(bucket.frames()),
                Inputs.LABELS, labels(symbols),
                Inputs.LABEL_LENGTHS, all(labels(bucket)),
                Trace.LOSS_WEIGHT, HostTensor.scalar(1f)));
        source.layout()
                .ifPresentOrElse(
                        layout -> {
                            int[] starts = new int[rows * bucket.labels()];
                            int[] own = layout.starts(labels(bucket), bucket.encoderFrames(), 0, 0);
                            IntStream.range(0, rows)
                                    .forEach(
                                            row -> System.arraycopy(own, 0, starts, row * bucket.labels(), own.length));
                            fixed.put(Inputs.STARTS, HostTensor.of(starts, rows, bucket.labels()));
                        },
                        () -> fixed.put(Inputs.FEATURES, new Init.Normal(1).values(Inputs.FEATURES, type.shape(), 0)));
    }

    /** Of an utterance: 12.5 a second, as many letters as people say. */
    static int labels(Bucket bucket) {
        return bucket.encoderFrames() / 2;
    }

    private HostTensor all(int value) {
        int[] values = new int[bucket.utterances()];
        Arrays.fill(values, value);
        return HostTensor.of(values, values.length);
    }

    private HostTensor labels(int symbols) {
        SplittableRandom random = new SplittableRandom(0);
        int[] labels = new int[bucket.utterances() * bucket.labels()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % bucket.labels() < labels(bucket) ? 1 + random.nextInt(symbols) : 0;
        }
        return HostTensor.of(labels, bucket.utterances(), bucket.labels());
    }

    /** Of a rank's step. */
    Map<String, HostTensor> at(Rank rank, int step) {
        Map<String, HostTensor> inputs = new HashMap<>(fixed);
        int first = (step * rank.count() + rank.index()) * bucket.utterances();
        int[] streams = IntStream.range(first, first + bucket.utterances()).toArray();
        inputs.put(Inputs.STREAMS, HostTensor.of(streams, streams.length));
        return inputs;
    }
}
