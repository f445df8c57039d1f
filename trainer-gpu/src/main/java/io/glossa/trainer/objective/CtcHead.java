package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Linear;
import io.glossa.trainer.nn.Scope;

/** The linear layer by which CTC names a symbol or blank of each frame, and its loss. */
final class CtcHead {
    /** The name of its weight. */
    static final String WEIGHT = "ctc.weight";

    private final Linear layer;

    CtcHead(Scope root, int width, int symbols) {
        layer = Linear.head(root.child("ctc"), width, symbols);
    }

    /** [B, T, V]. */
    Tensor logits(Encoded encoded) {
        return layer.apply(encoded.frames());
    }

    /** [B]: negative log-likelihoods per label, 0 of an utterance that no alignment spells. */
    Tensor losses(Encoded encoded, Targets targets) {
        Tensor nll = Tensor.call(new CtcNll(), logits(encoded), targets.labels(), encoded.counts(), targets.lengths());
        return targets.perLabel(nll);
    }

    /** Declares {@code infeasible}: how many utterances have more labels, and blanks that must part equal ones, than frames. */
    void declareInfeasible(Scope root, Encoded encoded, Targets targets) {
        Tensor labels = targets.labels();
        Tensor following = labels.slice(1, 1, labels.dim(1)).pad(1, 0, 1);
        Tensor twice = labels.equal(following).and(labels.constant(0).less(labels));
        Tensor needed = targets.counts().add(twice.cast(DType.F32).sum(1).reshape(labels.dim(0)));
        Tensor infeasible =
                encoded.lengths().counts().less(needed).cast(DType.F32).total();
        root.trace().output("infeasible", infeasible.batchSum("infeasible"));
    }
}
