package io.glossa.trainer.train;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;

/**
 * Floating-point operations of a BEST-RQ training step, by one formula: a product of m×k and k×n counts 2·m·n·k, forward
 * once and backward twice; the quantisers have no backward. Elementwise work and the optimizer count nothing. Padding
 * counts as it is computed.
 */
final class Flops {
    private Flops() {}

    static double step(BestRq objective, Bucket bucket) {
        ModelConfig model = objective.model();
        double frames = (double) bucket.utterances() * bucket.encoderFrames();
        int blocks = model.speechLayers() + model.layers();
        return 3 * (subsampling(model, frames) + frames * blocks * blockPerFrame(model, bucket))
                + heads(objective, objective.rows(bucket));
    }

    /** Per 40 ms frame: 2 × mels/2 places of the first convolution, mels/4 of the second, and the projection. */
    private static double subsampling(ModelConfig model, double frames) {
        double taps = 9;
        double channels = model.channels();
        double bins = model.mels();
        return 2
                * frames
                * (bins * taps * channels
                        + bins / 4 * taps * channels * channels
                        + bins / 4 * channels * model.dModel());
    }

    private static double blockPerFrame(ModelConfig model, Bucket bucket) {
        double d = model.dModel();
        AttentionSpan span = model.span(bucket.encoderFrames());
        double feedForwards = 4 * d * (model.ffn() + model.adapterWidth());
        double attention = 4 * d * d + d * (span.keys() + span.distances() + span.keys());
        double convolution = 3 * d * d + d * model.kernel();
        return 2 * (feedForwards + attention + convolution);
    }

    private static double heads(BestRq objective, double rows) {
        BestRqConfig books = objective.masks();
        ModelConfig model = objective.model();
        double head = 3.0 * model.dModel() * books.codes();
        double quantiser = (double) books.codeDim() * (ModelConfig.SUBSAMPLING * model.mels() + books.codes());
        return 2 * rows * books.codebooks() * (head + quantiser);
    }
}
