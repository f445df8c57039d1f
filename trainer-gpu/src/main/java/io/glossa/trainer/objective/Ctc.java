package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;
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

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        return new Augmentation(specAugment).config(symbols, model);
    }

    @Override
    public String outputs() {
        return CtcHead.WEIGHT;
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Encoded encoded = Encoded.of(trace, bucket, model, specAugment);
        CtcHead head = head(trace);
        Targets targets = Targets.of(trace, bucket);
        trace.loss(head.losses(encoded, targets).total(), encoded.present().total());
        head.declareInfeasible(Scope.root(trace), encoded, targets);
    }

    /** The encoder and one linear layer. */
    @Override
    public double flop(Bucket bucket, int labels) {
        return Flops.trained(Flops.encoder(model, bucket) + Flops.head(model, bucket, symbols.size()));
    }

    /** Its outputs are those of {@link Best}, [B, T/4]. */
    @Override
    public void traceRecognition(Trace trace, Bucket bucket, int cells) {
        Best.of(logits(trace, bucket)).declare(trace);
    }

    /** Declares {@code log-probabilities} F32 [B, T/4, V], of every symbol in every frame; frames of padding mean nothing. */
    public void traceLogProbabilities(Trace trace, Bucket bucket) {
        LogProbabilities.declare(trace, logits(trace, bucket));
    }

    private Tensor logits(Trace trace, Bucket bucket) {
        Encoded encoded = Encoded.of(trace, bucket, model);
        return head(trace).logits(encoded);
    }

    private CtcHead head(Trace trace) {
        return new CtcHead(Scope.root(trace), model.dModel(), symbols.size());
    }
}
