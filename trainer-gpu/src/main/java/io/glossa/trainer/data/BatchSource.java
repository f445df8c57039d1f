package io.glossa.trainer.data;

/** The utterances of one snapshot, in an order that follows from their ids: how the lake enters training. Indices run from 0 to size - 1. */
public interface BatchSource {
    /** The id of the snapshot that was read: where the utterances came from. Nothing that is computed depends on it. */
    long snapshot();

    int size();

    Utterance utterance(int index);

    /** Log-mels, frame-major, [frames × mels]. Also from a thread that reads ahead. */
    float[] features(int index);
}
