package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Inputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts utterances into the tensors of their bucket; rows without an utterance have length 0. */
final class BatchTensors {
    private BatchTensors() {}

    /** Features, and what {@link #withoutFeatures} has. */
    static Map<String, HostTensor> of(List<Example> examples, Bucket bucket, int epoch, int mels) {
        float[][] features = new float[examples.size()][];
        for (int row = 0; row < examples.size(); row++) {
            Utterance utterance = examples.get(row).utterance();
            features[row] = examples.get(row).features();
            if (features[row].length != utterance.frames() * mels) {
                throw GlossaException.data("Cannot train on utterance " + utterance.id() + ": its features have "
                        + features[row].length + " values, expected " + utterance.frames() + " frames of " + mels);
            }
        }
        Map<String, HostTensor> tensors = withoutFeatures(examples, bucket, epoch);
        tensors.put(Inputs.FEATURES, features(List.of(features), bucket, mels));
        return tensors;
    }

    /** Lengths, streams of random numbers, labels and label lengths of a batch. */
    static Map<String, HostTensor> withoutFeatures(List<Example> examples, Bucket bucket, int epoch) {
        int[] labels = new int[bucket.utterances() * bucket.labels()];
        int[] labelLengths = new int[bucket.utterances()];
        int[] lengths = new int[bucket.utterances()];
        int[] streams = new int[bucket.utterances()];
        for (int row = 0; row < examples.size(); row++) {
            Utterance utterance = examples.get(row).utterance();
            streams[row] = utterance.stream(epoch);
            lengths[row] = utterance.frames();
            labelLengths[row] = utterance.labels().length;
            if (labelLengths[row] > bucket.labels()) {
                throw GlossaException.internal("Cannot train on utterance " + utterance.id() + ": it has "
                        + labelLengths[row] + " labels, expected at most " + bucket.labels());
            }
            System.arraycopy(utterance.labels(), 0, labels, row * bucket.labels(), labelLengths[row]);
        }
        Map<String, HostTensor> tensors = new HashMap<>();
        tensors.put(Inputs.LENGTHS, HostTensor.of(lengths, bucket.utterances()));
        tensors.put(Inputs.STREAMS, HostTensor.of(streams, bucket.utterances()));
        tensors.put(Inputs.LABELS, HostTensor.of(labels, bucket.utterances(), bucket.labels()));
        tensors.put(Inputs.LABEL_LENGTHS, HostTensor.of(labelLengths, bucket.utterances()));
        return tensors;
    }

    /** The same of texts without speech, and where their symbols start. */
    static Map<String, HostTensor> ofText(List<Example> texts, Bucket bucket, int epoch, Durations layout, int seed) {
        int[] starts = new int[bucket.utterances() * bucket.labels()];
        for (int row = 0; row < texts.size(); row++) {
            Utterance text = texts.get(row).utterance();
            int frames = ModelConfig.encoderFrames(text.frames());
            int[] own = layout.starts(text.labels().length, frames, seed, text.stream(epoch));
            System.arraycopy(own, 0, starts, row * bucket.labels(), own.length);
        }
        Map<String, HostTensor> tensors = withoutFeatures(texts, bucket, epoch);
        tensors.put(Inputs.STARTS, HostTensor.of(starts, bucket.utterances(), bucket.labels()));
        return tensors;
    }

    /** F32 [B, T, mels] of frame-major log-mels. */
    static HostTensor features(List<float[]> utterances, Bucket bucket, int mels) {
        float[] values = new float[bucket.utterances() * bucket.frames() * mels];
        for (int row = 0; row < utterances.size(); row++) {
            float[] features = utterances.get(row);
            System.arraycopy(features, 0, values, row * bucket.frames() * mels, features.length);
        }
        return HostTensor.of(values, bucket.utterances(), bucket.frames(), mels);
    }

    /** I32 [B]. */
    static HostTensor lengths(List<float[]> utterances, Bucket bucket, int mels) {
        int[] lengths = new int[bucket.utterances()];
        for (int row = 0; row < utterances.size(); row++) {
            lengths[row] = utterances.get(row).length / mels;
        }
        return HostTensor.of(lengths, bucket.utterances());
    }
}
