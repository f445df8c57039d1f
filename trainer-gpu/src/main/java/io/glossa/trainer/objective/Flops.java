package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.ModelConfig;

/**
 * Floating-point operations of the products of a training step, by written formulas, part by part: a product of m×k and k×n counts
 * 2·m·n·k, forward once and backward twice. Elementwise work and the optimizer count nothing, nor does what is computed again
 * backward. Padding counts as it is computed: all frames and places of a batch, but of a transducer's lattice the real cells alone.
 *
 * <p>All but {@link #trained} are of the forward part. B is utterances, T encoder frames, N = B·T, U the labels that there is room
 * for, d the width, f that of feed-forward modules, V symbols with 0, P and J the widths of prediction and joint network.
 */
final class Flops {
    private Flops() {}

    /** Of a step whose forward part has so many. */
    static double trained(double forward) {
        return 3 * forward;
    }

    /** Sub-sampling and all blocks that speech goes through. */
    static double encoder(ModelConfig model, Bucket bucket) {
        return subsampling(model, bucket) + blocks(model, bucket, model.speechLayers() + model.layers());
    }

    /** Per frame 2 × mels/2 places of the first convolution, mels/4 of the second, and the projection. */
    private static double subsampling(ModelConfig model, Bucket bucket) {
        double taps = 9;
        double channels = model.channels();
        double bins = model.mels();
        return 2
                * frames(bucket)
                * (bins * taps * channels
                        + bins / 4 * taps * channels * channels
                        + bins / 4 * channels * model.dModel());
    }

    /** Conformer blocks: 2·N·(4·d·(f + adapters) + 4·d² + d·(keys + distances + keys) + 3·d² + kernel·d) each. */
    static double blocks(ModelConfig model, Bucket bucket, int count) {
        double d = model.dModel();
        AttentionSpan span = model.span(bucket.encoderFrames());
        double feedForwards = 4 * d * (model.ffn() + model.adapterWidth());
        double attention = 4 * d * d + d * (span.keys() + span.distances() + span.keys());
        return count * (2 * frames(bucket) * (feedForwards + attention) + convolutions(model, bucket, 1));
    }

    /** Convolution modules: 2·N·(3·d² + kernel·d) each. */
    static double convolutions(ModelConfig model, Bucket bucket, int count) {
        double d = model.dModel();
        return count * 2 * frames(bucket) * (3 * d * d + d * model.kernel());
    }

    /** A linear layer that names one of so many symbols of each frame: 2·N·d·V. */
    static double head(ModelConfig model, Bucket bucket, int symbols) {
        return 2 * frames(bucket) * model.dModel() * symbols;
    }

    /**
     * Prediction and joint network of a transducer: 2·(N·d·J + B·(U + 1)·(2·P² + P·J) + N·(labels + 1)·J·V).
     *
     * @param labels that each text has
     */
    static double transducer(ModelConfig model, RnntConfig widths, int symbols, Bucket bucket, int labels) {
        double p = widths.predictionWidth();
        double j = widths.jointWidth();
        double places = bucket.utterances() * (bucket.labels() + 1.0);
        double cells = frames(bucket) * (labels + 1.0);
        return 2 * (frames(bucket) * model.dModel() * j + places * (2 * p * p + p * j) + cells * j * symbols);
    }

    /** A Transformer decoder: 2·B·(U + 1)·(layers·(6·d² + 2·d·(U + 1) + 2·d·T + 2·d·f) + d·V) + 2·N·layers·2·d². */
    static double decoder(ModelConfig model, int layers, int symbols, Bucket bucket) {
        double d = model.dModel();
        double places = bucket.labels() + 1.0;
        double block = 6 * d * d + 2 * d * (places + bucket.encoderFrames() + model.ffn());
        double memory = 2 * d * d;
        return 2 * bucket.utterances() * places * (layers * block + d * symbols) + 2 * frames(bucket) * layers * memory;
    }

    private static double frames(Bucket bucket) {
        return (double) bucket.utterances() * bucket.encoderFrames();
    }
}
