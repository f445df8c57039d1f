package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.JointNetwork;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Prediction;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;

/** What a transducer has behind the encoder: a prediction and a joint network. */
final class TransducerHead {
    /** The weight of the last layer, whose columns are symbols. */
    static final String OUTPUTS = "joint.output.weight";

    private final Prediction prediction;
    private final JointNetwork joint;

    /** Declares the parameters under {@code prediction} and {@code joint}. */
    TransducerHead(Scope root, ModelConfig model, RnntConfig config, SymbolTable symbols) {
        prediction = new Prediction(root.child("prediction"), symbols.size(), config.predictionWidth());
        joint = new JointNetwork(
                root.child("joint"), model.dModel(), config.predictionWidth(), config.jointWidth(), symbols.size());
    }

    /** [B, T, d] → what the joint network takes of each frame, [B, T, J]. */
    Tensor frames(Tensor x) {
        return joint.frames(x);
    }

    /**
     * Logits of what comes next.
     *
     * @param frames [R, W, J], of {@link #frames}
     * @param last I32 [R, 2]: the last two labels, the older first
     * @return [R, W, V]
     */
    Tensor logits(Tensor frames, Tensor last) {
        Tensor labels = joint.labels(prediction.next(last));
        return joint.logits(frames, labels.reshape(last.dim(0), 1, frames.dim(2)));
    }

    Loss loss(Encoded encoded, Targets targets) {
        Tensor value = Tensor.call(
                new Transducer(),
                joint.frames(encoded.frames()),
                joint.labels(prediction.apply(targets.labels())),
                joint.weight(),
                joint.bias(),
                targets.labels(),
                encoded.counts(),
                targets.lengths());
        return new Loss(value, encoded, targets);
    }

    /**
     * Of a batch.
     *
     * @param value of {@link Transducer}
     */
    record Loss(Tensor value, Encoded encoded, Targets targets) {
        /** The negative log-likelihood per label of each utterance, F32 [B]. */
        Tensor perLabel() {
            return targets.perLabel(nll());
        }

        /** The sum of that, F32 []. */
        Tensor sum() {
            return perLabel().total();
        }

        /** How many rows hold an utterance, F32 []. */
        Tensor present() {
            return encoded.present().total();
        }

        /** The frame at which the most probable alignment emits each label, I32 [B, U]: see {@link TransducerAlignment}. */
        Tensor emissions() {
            Tensor labels = targets.labels();
            return Tensor.call(
                    new TransducerAlignment(encoded.frames().dim(1), labels.dim(1)),
                    value,
                    encoded.counts(),
                    targets.lengths());
        }

        /** Declares the mean as the loss, and the metric {@code nll}. */
        void declare(Trace trace) {
            declare(trace, sum());
        }

        /** The same with another sum, of which this one is a part. */
        void declare(Trace trace, Tensor sum) {
            trace.loss(sum, present());
            trace.mean("nll", nll().total(), present());
        }

        private Tensor nll() {
            return Transducer.losses(value, targets.labels().dim(0));
        }
    }
}
