package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * (x [..., d], weight [d], bias [d]) → each row shifted and scaled to mean 0 and variance 1, then by weight and bias
 * (Ba et al., "Layer normalization", 2016).
 */
record LayerNormalization(double epsilon) implements Composite {
    @Override
    public String name() {
        return "layer norm";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return normal(in.get(0)).mul(in.get(1)).add(in.get(2));
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor normal = normal(in.get(0));
        Tensor dn = dy.mul(in.get(1));
        Tensor dx = dn.sub(dn.mean(-1))
                .sub(normal.mul(dn.mul(normal).mean(-1)))
                .mul(deviation(in.get(0)).reciprocal());
        return Optional.of(List.of(dx, perFeature(dy.mul(normal)), perFeature(dy)));
    }

    private Tensor normal(Tensor x) {
        return x.sub(x.mean(-1)).mul(deviation(x).reciprocal());
    }

    private Tensor deviation(Tensor x) {
        Tensor centred = x.sub(x.mean(-1));
        return centred.mul(centred).mean(-1).add(epsilon).sqrt();
    }

    private static Tensor perFeature(Tensor x) {
        int[] rows = IntStream.range(0, x.rank() - 1).toArray();
        return x.sum(rows).reshape(x.dim(-1));
    }
}
