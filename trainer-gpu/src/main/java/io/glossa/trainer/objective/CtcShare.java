package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;

/**
 * CTC on the same encoder beside another head, so that frames say what is spoken in them before that head has found out where to
 * look (Watanabe et al. 2017 for attention; for a transducer the same, since with little speech its prediction network learns the
 * texts first, and then waits for nothing). In recognition it takes part beside attention alone.
 *
 * @param ctcWeight share of CTC's loss, from 0 to less than 1; 0: there is none
 */
public record CtcShare(double ctcWeight) {
    /** The usual one of hybrid recognisers; the paper of "Google USM" does not say what it has. */
    public static final CtcShare DEFAULTS = new CtcShare(0.3);

    public static final CtcShare NONE = new CtcShare(0);

    public CtcShare {
        if (!(ctcWeight >= 0 && ctcWeight < 1)) {
            throw GlossaException.user(
                    "Cannot set 'ctc-weight': found " + ctcWeight + ", expected 0 or more and less than 1");
        }
    }

    /**
     * Another head's loss with CTC's part.
     *
     * @param losses the other's, per label, of each utterance, [B]
     */
    Tensor with(Tensor losses, Scope root, ModelConfig model, SymbolTable symbols, Encoded encoded, Targets targets) {
        if (ctcWeight == 0) {
            return losses;
        }
        CtcHead ctc = new CtcHead(root, model.dModel(), symbols.size());
        ctc.declareInfeasible(root, encoded, targets);
        return losses.mul(1 - ctcWeight).add(ctc.losses(encoded, targets).mul(ctcWeight));
    }

    /** Declares what CTC says of each frame, for a search; nothing where there is no CTC. */
    void declareLogProbabilities(Scope root, ModelConfig model, SymbolTable symbols, Encoded encoded) {
        if (ctcWeight > 0) {
            LogProbabilities.declare(root.trace(), new CtcHead(root, model.dModel(), symbols.size()).logits(encoded));
        }
    }

    /** Of a forward pass, beside the other head's. */
    double flop(ModelConfig model, Bucket bucket, SymbolTable symbols) {
        return ctcWeight == 0 ? 0 : Flops.head(model, bucket, symbols.size());
    }
}
