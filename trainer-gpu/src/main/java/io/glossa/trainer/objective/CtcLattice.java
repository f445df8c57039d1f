package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;

/**
 * The forward recursion of CTC (Graves et al. 2006, §4.1), unrolled over time in log space: what the kernels are held to.
 *
 * <p>The states of an utterance with U labels are blank, label 1, blank, ... label U, blank.
 */
final class CtcLattice {
    /** Stands for log 0; finite, so that differences of two of them stay numbers. */
    private static final double NONE = -1e30;

    private final Tensor logits;
    private final Tensor labels;
    private final Tensor frames;
    private final Tensor labelLengths;
    private final int states;

    /** Inputs as in {@link CtcNll}. */
    CtcLattice(Tensor logits, Tensor labels, Tensor frames, Tensor labelLengths) {
        this.logits = logits;
        this.labels = labels;
        this.frames = column(frames);
        this.labelLengths = column(labelLengths);
        this.states = 2 * labels.dim(1) + 1;
    }

    /** F32 [B]. */
    Tensor nll() {
        Tensor symbols = symbols();
        Tensor emission = emissions(symbols);
        Tensor skip = symbols.equal(symbols.constant(0))
                .or(symbols.equal(symbols.pad(1, 2, 0).slice(1, 0, states)))
                .not();
        Tensor state = symbols.iota(1, states);
        Tensor alpha = state.less(state.constant(2)).expand(symbols.shape()).where(at(emission, 0), none());
        for (int t = 1; t < logits.dim(1); t++) {
            Tensor skipped = skip.where(shifted(alpha, 2), none());
            Tensor next = logSum(alpha, shifted(alpha, 1), skipped).add(at(emission, t));
            Tensor running = frames.constant(t).less(frames).expand(symbols.shape());
            alpha = running.where(next, alpha);
        }
        Tensor last = labelLengths.add(labelLengths);
        Tensor isEnd = state.equal(last).or(state.equal(last.sub(last.constant(1))));
        Tensor ends = isEnd.where(alpha, none());
        Tensor top = ends.max(-1);
        Tensor logZ = ends.sub(top).exp().sum(-1).log().add(top);
        Tensor possible =
                logZ.constant(NONE / 2).less(logZ).and(frames.constant(0).less(frames));
        return possible.where(logZ.neg(), logZ.constant(0)).reshape(labels.dim(0));
    }

    /** The symbol of each state, I32 [B, 2U + 1]; 0 is blank. */
    private Tensor symbols() {
        return labels.reshape(labels.dim(0), labels.dim(1), 1)
                .pad(2, 1, 0)
                .reshape(labels.dim(0), 2 * labels.dim(1))
                .pad(1, 0, 1);
    }

    /** Log-probabilities of each state's symbol, [B, 2U + 1, T]. */
    private Tensor emissions(Tensor symbols) {
        Tensor top = logits.max(-1);
        Tensor logP = logits.sub(top).sub(logits.sub(top).exp().sum(-1).log());
        Tensor chosen = symbols.reshape(symbols.dim(0), states, 1)
                .equal(symbols.iota(1, 1, logits.dim(2)))
                .cast(DType.F32);
        return chosen.matmul(logP.transpose());
    }

    private Tensor at(Tensor emission, int t) {
        return emission.slice(2, t, t + 1).reshape(emission.dim(0), states);
    }

    private Tensor none() {
        return logits.full(NONE, labels.dim(0), states);
    }

    private Tensor shifted(Tensor alpha, int by) {
        return alpha.full(NONE, alpha.dim(0), by).concat(1, alpha.slice(1, 0, states - by));
    }

    private static Tensor logSum(Tensor a, Tensor b, Tensor c) {
        Tensor top = a.maximum(b).maximum(c);
        return a.sub(top)
                .exp()
                .add(b.sub(top).exp())
                .add(c.sub(top).exp())
                .log()
                .add(top);
    }

    private static Tensor column(Tensor x) {
        return x.reshape(x.dim(0), 1);
    }

    /** The numbers that both kernels take: B, T, V, U. */
    static List<Long> extents(List<Type> inputs) {
        var logits = inputs.get(0).shape();
        return List.of((long) logits.dim(0), (long) logits.dim(1), (long) logits.dim(2), (long)
                inputs.get(1).shape().dim(1));
    }
}
