package io.glossa.trainer.objective;

import io.glossa.config.ConfigBinder;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Encoder;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.Linear;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pre-training without text: name the codes of frames that are hidden. The loss is the mean cross-entropy over masked
 * frames and codebooks; the heads see masked frames only.
 *
 * <p>Metrics: {@code masked-accuracy}, {@code masked-share}, {@code masked-dropped} (of the masked frames, the share for which
 * the heads had no room), and per codebook {@code codebook-coverage},
 * {@code codebook-entropy} and {@code codebook-perplexity}.
 */
public record BestRq(ModelConfig model, BestRqConfig masks) implements Objective {
    public static final String KIND = "bestrq";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        Map<String, String> config = new LinkedHashMap<>(ConfigBinder.values(model));
        config.putAll(ConfigBinder.values(masks));
        return config;
    }

    /** Rows that the heads see in a batch of this bucket. */
    public int rows(Bucket bucket) {
        return masks.rows(bucket.utterances(), bucket.encoderFrames());
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Scope root = Scope.root(trace);
        Tensor raw = Inputs.features(trace, bucket, model.mels());
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor features = new FrontEnd(root, model).apply(raw);

        Tensor real = lengths.halved().halved().real();
        Tensor streams = Inputs.streams(trace, bucket);
        Tensor masked = SpanMask.draw(trace.seed(), streams, real, masks.maskStart(), masks.maskSpan());
        Tensor x = new Encoder(root, model).apply(hide(trace.seed(), streams, features, masked), lengths);

        int frames = bucket.utterances() * bucket.encoderFrames();
        MaskedRows rows = MaskedRows.of(masked.reshape(frames), rows(bucket));
        Tensor hidden = rows.of(x.reshape(frames, model.dModel()));
        Tensor targets = rows.of(Quantizer.stack(features, lengths));
        predict(root, hidden, targets, rows);

        Tensor maskedFrames = masked.cast(DType.F32).total();
        trace.mean("masked-share", maskedFrames, real.cast(DType.F32).total());
        trace.mean("masked-dropped", maskedFrames.sub(rows.weights().total()), maskedFrames);
    }

    /** The heads see {@link #rows} alone: 2·rows·codebooks·d·codes forward; the quantisers have no backward part. */
    @Override
    public double flop(Bucket bucket, int labels) {
        double rows = (double) rows(bucket) * masks.codebooks();
        double heads = 2 * rows * model.dModel() * masks.codes();
        double quantisers = 2 * rows * masks.codeDim() * (ModelConfig.SUBSAMPLING * model.mels() + masks.codes());
        return Flops.trained(Flops.encoder(model, bucket) + heads) + quantisers;
    }

    private void predict(Scope root, Tensor hidden, Tensor targets, MaskedRows rows) {
        Tensor codes = new Quantizer(root, masks, model.mels()).codes(targets);
        Tensor weights = rows.weights();
        int count = weights.dim(0);
        Tensor loss = null;
        Tensor hits = null;
        for (int k = 0; k < masks.codebooks(); k++) {
            Tensor classes = codes.slice(0, k, k + 1).reshape(count);
            Tensor logits = Linear.head(root.child("heads").child(k), model.dModel(), masks.codes())
                    .apply(hidden);
            Tensor bookLoss = Tensor.call(new CrossEntropy(), logits, classes);
            Tensor bookHits = CrossEntropy.picked(logits, classes)
                    .equal(logits.max(-1))
                    .cast(DType.F32)
                    .reshape(count);
            loss = loss == null ? bookLoss : loss.add(bookLoss);
            hits = hits == null ? bookHits : hits.add(bookHits);
        }
        double share = 1.0 / masks.codebooks();
        root.trace().loss(loss.mul(weights).total().mul(share), weights.total());
        root.trace().mean("masked-accuracy", hits.mul(weights).total().mul(share), weights.total());
        CodebookUse use = CodebookUse.count(root, codes, rows.used(), masks.codes());
        root.trace().output("codebook-coverage", use.coverage());
        root.trace().output("codebook-entropy", use.entropy());
        root.trace().output("codebook-perplexity", use.entropy().exp());
    }

    /** Features with noise in place of the masked frames. */
    private Tensor hide(Tensor seed, Tensor streams, Tensor features, Tensor masked) {
        int[] stacked = {features.dim(0), masked.dim(1), ModelConfig.SUBSAMPLING * features.dim(2)};
        Tensor noise =
                Gaussian.noise(seed, streams, Purpose.MASK_NOISE, stacked).mul(masks.noise());
        return masked.reshape(stacked[0], stacked[1], 1)
                .where(noise, features.reshape(stacked))
                .reshape(features.shape().dims());
    }
}
