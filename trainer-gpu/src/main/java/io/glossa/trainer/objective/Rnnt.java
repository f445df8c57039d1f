package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/**
 * Recognition by a transducer (RNN-T, Graves 2012): after each label, and after each frame, a joint network names the next
 * label or blank, from what the encoder says of the frame and a prediction network of the labels before. The loss is the mean
 * over utterances of the negative log-likelihood per label, with a share of CTC's.
 *
 * <p>Metrics: {@code nll}, the transducer's negative log-likelihood per utterance, and with CTC {@code infeasible}, as {@link Ctc}
 * has it.
 *
 * @param specAugment whether to hide parts of the features in training
 */
public record Rnnt(ModelConfig model, SymbolTable symbols, RnntConfig transducer, CtcShare ctc, boolean specAugment)
        implements Recognition {
    public static final String KIND = "rnnt";

    /** What the joint network takes of frames, by name. */
    public static final String FRAMES = "frames";

    /** The labels before, by name. */
    public static final String LAST = "last";

    /** Without CTC beside it. */
    public Rnnt(ModelConfig model, SymbolTable symbols, RnntConfig transducer, boolean specAugment) {
        this(model, symbols, transducer, CtcShare.NONE, specAugment);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        return new Augmentation(specAugment).config(symbols, model, transducer, ctc);
    }

    @Override
    public String outputs() {
        return TransducerHead.OUTPUTS;
    }

    /** Its output is {@link #FRAMES}, [B, T/4, J]: what the joint network takes of each frame. */
    @Override
    public void traceRecognition(Trace trace, Bucket bucket, int cells) {
        trace.output(FRAMES, head(trace).frames(Encoded.of(trace, bucket, model).frames()));
    }

    /**
     * Declares what a step of decoding computes for some utterances, each at some frames in a row: from {@link #FRAMES}
     * [R, W, J] and {@link #LAST} I32 [R, 2], the last two labels of each, the older first, 0 for one that is not there; to
     * {@link Best}, [R, W].
     */
    public void traceStep(Trace trace, int rows, int window) {
        Tensor frames = trace.batch(FRAMES, DType.F32, rows, window, transducer.jointWidth());
        Tensor last = trace.batch(LAST, DType.I32, rows, 2);
        Best.of(head(trace).logits(frames, last)).declare(trace);
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Encoded encoded = Encoded.of(trace, bucket, model, specAugment);
        Targets targets = Targets.of(trace, bucket);
        TransducerHead.Loss loss = head(trace).loss(encoded, targets);
        Tensor losses = ctc.with(loss.perLabel(), Scope.root(trace), model, symbols, encoded, targets);
        loss.declare(trace, losses.total());
    }

    /** The encoder, prediction and joint network, and CTC's layer. */
    @Override
    public double flop(Bucket bucket, int labels) {
        return Flops.trained(Flops.encoder(model, bucket)
                + Flops.transducer(model, transducer, symbols.size(), bucket, labels)
                + ctc.flop(model, bucket, symbols));
    }

    private TransducerHead head(Trace trace) {
        return new TransducerHead(Scope.root(trace), model, transducer, symbols);
    }
}
