package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Encoder;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;

/**
 * What a recogniser's encoder makes of a batch of features.
 *
 * @param frames [B, T/4, d]
 * @param lengths of these
 */
record Encoded(Tensor frames, Lengths lengths) {
    /** As they are. */
    static Encoded of(Trace trace, Bucket bucket, ModelConfig model) {
        return of(trace, bucket, model, false);
    }

    /** @param specAugment whether parts of the features are hidden */
    static Encoded of(Trace trace, Bucket bucket, ModelConfig model, boolean specAugment) {
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor features = features(trace, bucket, model, lengths, specAugment);
        return new Encoded(
                new Encoder(Scope.root(trace), model).apply(features, lengths),
                lengths.halved().halved());
    }

    /** What an encoder gets, [B, T, mels]. */
    static Tensor features(Trace trace, Bucket bucket, ModelConfig model, Lengths lengths, boolean specAugment) {
        Tensor features = new FrontEnd(Scope.root(trace), model).apply(Inputs.features(trace, bucket, model.mels()));
        return specAugment
                ? new SpecAugment(trace.seed(), Inputs.streams(trace, bucket)).apply(features, lengths)
                : features;
    }

    /** I32 [B]. */
    Tensor counts() {
        return lengths.counts().cast(DType.I32);
    }

    /** F32 [B]: 1 for a row that holds an utterance, else 0. */
    Tensor present() {
        Tensor counts = lengths.counts();
        return counts.constant(0).less(counts).cast(DType.F32);
    }
}
