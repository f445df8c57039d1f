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
 * Recognition by connectionist temporal classification: one linear layer on the encoder names a symbol or blank per
 * frame. The loss is the mean over utterances of the negative log-likelihood per label.
 *
 * <p>Metric: {@code infeasible}, the utterances of the batch that no alignment spells, which count as 0.
 *
 * @param specAugment whether to hide parts of the features in training
 */
public record Ctc(ModelConfig model, SymbolTable symbols, boolean specAugment) implements Recognition {
    public static final String KIND = "ctc";

    private static final String HEAD = "ctc";

    /** A key in {@link #config} beside the model's and the symbols'. */
    static final String SPEC_AUGMENT = "spec-augment";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        Map<String, String> config = new LinkedHashMap<>(ConfigBinder.values(model));
        config.putAll(symbols.config());
        config.put(SPEC_AUGMENT, Boolean.toString(specAugment));
        return config;
    }

    @Override
    public String outputs() {
        return HEAD + ".weight";
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        int rows = bucket.utterances();
        Tensor lengthsInput = Inputs.lengths(trace, bucket);
        Lengths lengths = Lengths.of(lengthsInput, bucket.frames());
        Tensor features = normalised(trace, bucket);
        if (specAugment) {
            features = new SpecAugment(trace.seed(), Inputs.streams(trace, bucket)).apply(features, lengths);
        }
        Tensor logits = logits(trace, features, lengths);
        Tensor labels = trace.batch(Inputs.LABELS, DType.I32, rows, bucket.labels());
        Tensor labelLengths = trace.batch(Inputs.LABEL_LENGTHS, DType.I32, rows);
        Tensor frames = lengths.halved().halved().counts();

        Tensor nll = Tensor.call(new CtcNll(), logits, labels, frames.cast(DType.I32), labelLengths);
        Tensor labelCounts = labelLengths.cast(DType.F32);
        Tensor present = frames.constant(0).less(frames).cast(DType.F32).total();
        Tensor perLabel = nll.mul(labelCounts.maximum(nll.constant(1)).reciprocal());
        trace.loss(perLabel.total(), present);
        trace.output("infeasible", infeasible(labels, labelCounts, frames).batchSum("infeasible"));
    }

    /** Its outputs are those of {@link Best}, [B, T/4]. */
    @Override
    public void traceRecognition(Trace trace, Bucket bucket, int cells) {
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor logits = logits(trace, normalised(trace, bucket), lengths);
        Best.of(logits).declare(trace);
    }

    /** Declares {@code log-probabilities} F32 [B, T/4, V], of every symbol in every frame; frames of padding mean nothing. */
    public void traceLogProbabilities(Trace trace, Bucket bucket) {
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor logits = logits(trace, normalised(trace, bucket), lengths);
        Tensor below = logits.sub(logits.max(-1));
        trace.output("log-probabilities", below.sub(below.exp().sum(-1).log()));
    }

    private Tensor normalised(Trace trace, Bucket bucket) {
        return new FrontEnd(Scope.root(trace), model).apply(Inputs.features(trace, bucket, model.mels()));
    }

    private Tensor logits(Trace trace, Tensor features, Lengths lengths) {
        Scope root = Scope.root(trace);
        Tensor x = new Encoder(root, model).apply(features, lengths);
        return Linear.head(root.child(HEAD), model.dModel(), symbols.size()).apply(x);
    }

    /** How many utterances have more labels, and blanks that must part equal ones, than frames. */
    private static Tensor infeasible(Tensor labels, Tensor labelCounts, Tensor frames) {
        Tensor following = labels.slice(1, 1, labels.dim(1)).pad(1, 0, 1);
        Tensor twice = labels.equal(following).and(labels.constant(0).less(labels));
        Tensor needed = labelCounts.add(twice.cast(DType.F32).sum(1).reshape(labels.dim(0)));
        return frames.less(needed).cast(DType.F32).total();
    }
}
