package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Inputs;
import java.util.List;
import java.util.Map;

/** Puts utterances into the tensors of their bucket; rows without an utterance have length 0. */
final class BatchTensors {
    private BatchTensors() {}

    /** Features, lengths, streams of random numbers, labels and label lengths of a batch. */
    static Map<String, HostTensor> of(List<Example> examples, Bucket bucket, int epoch, int mels) {
        int[] labels = new int[bucket.utterances() * bucket.labels()];
        int[] labelLengths = new int[bucket.utterances()];
        int[] streams = new int[bucket.utterances()];
        float[][] features = new float[examples.size()][];
        for (int row = 0; row < examples.size(); row++) {
            Utterance utterance = examples.get(row).utterance();
            streams[row] = utterance.stream(epoch);
            features[row] = examples.get(row).features();
            if (features[row].length != utterance.frames() * mels) {
                throw GlossaException.data("Cannot train on utterance " + utterance.id() + ": its features have "
                        + features[row].length + " values, expected " + utterance.frames() + " frames of " + mels);
            }
            labelLengths[row] = utterance.labels().length;
            if (labelLengths[row] > bucket.labels()) {
                throw GlossaException.internal("Cannot train on utterance " + utterance.id() + ": it has "
                        + labelLengths[row] + " labels, expected at most " + bucket.labels());
            }
            System.arraycopy(utterance.labels(), 0, labels, row * bucket.labels(), labelLengths[row]);
        }
        return Map.of(
                Inputs.FEATURES, features(List.of(features), bucket, mels),
                Inputs.LENGTHS, lengths(List.of(features), bucket, mels),
                Inputs.STREAMS, HostTensor.of(streams, bucket.utterances()),
                Inputs.LABELS, HostTensor.of(labels, bucket.utterances(), bucket.labels()),
                Inputs.LABEL_LENGTHS, HostTensor.of(labelLengths, bucket.utterances()));
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
