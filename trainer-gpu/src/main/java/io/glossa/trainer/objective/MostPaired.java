package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Layers;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.nn.SharedEncoder;
import io.glossa.trainer.nn.SpeechEncoder;
import io.glossa.trainer.nn.TextEncoder;
import io.glossa.trainer.nn.Upsampling;
import io.glossa.trainer.trace.Trace;

/**
 * MOST's stream of speech with text: a transducer's loss, as {@link Rnnt} has it, and consistency, which has the text encoder make
 * the frames that the speech encoder makes of the same symbols, and trains nothing else.
 *
 * <p>Consistency is the mean squared error between layer-normed frames, without gain and bias, so that their scale counts nothing. The
 * text is laid out by the most probable alignment: a symbol lasts from its emission to the next one, the last of them
 * {@link MostConfig#lastFrames} at most. Frames before and behind belong to no symbol: neither side has them. An utterance's is the mean
 * over its frames, 0 without any; the loss is the mean over utterances of both, so that its weight is known before any frame is.
 *
 * <p>Metrics: {@code nll}, the negative log-likelihood per utterance, and {@code consistency}.
 */
record MostPaired(Most most) implements MostStream {
    @Override
    public String kind() {
        return Most.KIND + "-paired";
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Scope root = Scope.root(trace);
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor features = Encoded.features(trace, bucket, model(), lengths, most.specAugment());
        Tensor speech = new SpeechEncoder(root, model()).apply(features, lengths);
        Lengths frames = lengths.halved().halved();
        Encoded encoded = new Encoded(new SharedEncoder(root, model()).apply(speech, frames), frames);
        TransducerHead.Loss loss = new TransducerHead(root, model(), most.transducer(), most.symbols())
                .loss(encoded, Targets.of(trace, bucket));
        Tensor consistency = consistency(root, speech, loss).total();
        loss.declare(trace, loss.sum().add(consistency.mul(most.settings().consistencyWeight())));
        trace.mean("consistency", consistency, loss.present());
    }

    /** As {@link Rnnt} has it, and the text encoder, which consistency trains. */
    @Override
    public double flop(Bucket bucket, int labels) {
        return Flops.trained(Flops.encoder(model(), bucket) + transducerFlop(bucket, labels) + textEncoderFlop(bucket));
    }

    /** Of each utterance, F32 [B]. */
    private Tensor consistency(Scope root, Tensor speech, TransducerHead.Loss loss) {
        Targets targets = loss.targets();
        int extent = speech.dim(1);
        Upsampling text = Upsampling.of(targets.labels(), targets.lengths(), loss.emissions(), extent);
        Tensor window = text.window(most.settings().lastFrames())
                .and(loss.encoded().lengths().real())
                .cast(DType.F32)
                .reshape(speech.dim(0), extent, 1);
        Tensor encoded = new TextEncoder(
                        root, model(), most.symbols().size(), most.settings().textConvolutions())
                .apply(text.symbols(), window);
        Tensor difference = normal(encoded).sub(Tensor.call(new Detached(), normal(speech)));
        Tensor count = window.sum(1);
        return difference
                .mul(difference)
                .mean(-1)
                .mul(window)
                .sum(1)
                .mul(count.maximum(count.constant(1)).reciprocal())
                .reshape(speech.dim(0));
    }

    private static Tensor normal(Tensor x) {
        return Layers.layerNorm(x, x.full(1, x.dim(-1)), x.full(0, x.dim(-1)));
    }
}
