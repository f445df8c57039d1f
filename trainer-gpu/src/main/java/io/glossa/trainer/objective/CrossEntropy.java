package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** (logits [R, V], classes I32 [R]) → [R]: minus the log-probability of each row's class. */
record CrossEntropy() implements Composite {
    @Override
    public String name() {
        return "cross-entropy";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.f32(inputs.get(0).shape().dim(0));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor logits = in.get(0);
        return normaliser(logits).sub(picked(logits, in.get(1))).reshape(logits.dim(0));
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor logits = in.get(0);
        Tensor e = shifted(logits).exp();
        Tensor probability = e.mul(e.sum(-1).reciprocal());
        Tensor difference = probability.sub(isClass(logits, in.get(1)).cast(DType.F32));
        return Optional.of(Arrays.asList(difference.mul(dy.reshape(logits.dim(0), 1)), null));
    }

    /** The logit of each row's class, [R, 1]. */
    static Tensor picked(Tensor logits, Tensor classes) {
        return isClass(logits, classes).where(logits, logits.constant(0)).sum(-1);
    }

    private static Tensor normaliser(Tensor logits) {
        return shifted(logits).exp().sum(-1).log().add(logits.max(-1));
    }

    private static Tensor shifted(Tensor logits) {
        return logits.sub(logits.max(-1));
    }

    private static Tensor isClass(Tensor logits, Tensor classes) {
        return logits.iota(logits.shape().dims()).equal(classes.reshape(logits.dim(0), 1));
    }
}
