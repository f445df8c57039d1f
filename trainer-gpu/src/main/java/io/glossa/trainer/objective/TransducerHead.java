package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.JointNetwork;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Prediction;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;

/** What a transducer has behind the encoder: a prediction and a joint network. */
final class TransducerHead {
    private final Prediction prediction;
    private final JointNetwork joint;

    /** Declares the parameters under {@code prediction} and {@code joint}. */
    TransducerHead(Scope root, ModelConfig model, RnntConfig config, SymbolTable symbols) {
        prediction = new Prediction(root.child("prediction"), symbols.size(), config.predictionWidth());
        joint = new JointNetwork(
                root.child("joint"), model.dModel(), config.predictionWidth(), config.jointWidth(), symbols.size());
    }

    /**
     * @param x [B, T, d]: what the encoder says of each frame
     * @param lengths of its rows
     * @param labels I32 [B, U]
     * @param labelLengths I32 [B]
     */
    Loss loss(Tensor x, Lengths lengths, Tensor labels, Tensor labelLengths) {
        Tensor frames = lengths.counts().cast(DType.I32);
        Tensor value = Tensor.call(
                new Transducer(),
                joint.frames(x),
                joint.labels(prediction.apply(labels)),
                joint.weight(),
                joint.bias(),
                labels,
                frames,
                labelLengths);
        return new Loss(value, frames, labels, labelLengths);
    }

    /**
     * Of a batch.
     *
     * @param value of {@link Transducer}
     */
    record Loss(Tensor value, Tensor frames, Tensor labels, Tensor labelLengths) {
        /** The sum over utterances of the negative log-likelihood per label, F32 []. */
        Tensor sum() {
            Tensor count = labelLengths.cast(DType.F32);
            return nll().mul(count.maximum(count.constant(1)).reciprocal()).total();
        }

        /** How many rows hold an utterance, F32 []. */
        Tensor present() {
            return frames.constant(0).less(frames).cast(DType.F32).total();
        }

        /** The frame at which the most probable alignment emits each label, I32 [B, U]: see {@link TransducerAlignment}. */
        Tensor emissions(int extent) {
            return Tensor.call(new TransducerAlignment(extent, labels.dim(1)), value, frames, labelLengths);
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
            return Transducer.losses(value, frames.dim(0));
        }
    }
}
