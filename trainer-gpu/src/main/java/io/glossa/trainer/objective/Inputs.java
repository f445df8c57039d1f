package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Trace;

/** The batch inputs that programs declare, by name. */
public final class Inputs {
    /** F32 [B, T, mels]: log-mels, zeros beyond an utterance's length. */
    public static final String FEATURES = "features";

    /** I32 [B]: frames of each utterance; 0 for a row that holds none. */
    public static final String LENGTHS = "lengths";

    /** I32 [B]: the streams of random numbers that mask and disturb each utterance; see {@link Utterance#stream}. */
    public static final String STREAMS = "streams";

    /** I32 [B, U]: symbols from 1, zeros beyond the label length. */
    public static final String LABELS = "labels";

    /** I32 [B]. */
    public static final String LABEL_LENGTHS = "label-lengths";

    /**
     * I32 [B, U]: of a text without speech, the encoder frame at which each symbol starts, ascending; see {@link Durations}.
     * Beyond the label length it is not looked at.
     */
    public static final String STARTS = "starts";

    /** F32 []: the step's learning rate. */
    public static final String LEARNING_RATE = "learning-rate";

    /** F32 []: the encoder's, where it has one of its own. */
    public static final String ENCODER_LEARNING_RATE = "encoder-learning-rate";

    private Inputs() {}

    static Tensor features(Trace trace, Bucket bucket, int mels) {
        return trace.batch(FEATURES, DType.F32, bucket.utterances(), bucket.frames(), mels);
    }

    static Tensor streams(Trace trace, Bucket bucket) {
        return trace.batch(STREAMS, DType.I32, bucket.utterances());
    }

    static Tensor lengths(Trace trace, Bucket bucket) {
        return trace.batch(LENGTHS, DType.I32, bucket.utterances());
    }
}
