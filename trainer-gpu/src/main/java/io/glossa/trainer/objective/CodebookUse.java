package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/** How evenly codebooks are used: what shows a quantiser that has collapsed. */
final class CodebookUse {
    /** The weight of a code that was seen once, a hundred steps ago. */
    private static final double RECENT = Math.pow(0.99, 100);

    private final List<Tensor> coverage = new ArrayList<>();
    private final List<Tensor> entropy = new ArrayList<>();

    /** @param usage how often each code was used, [V] */
    void add(Tensor usage) {
        Tensor seen = usage.constant(RECENT).less(usage).cast(DType.F32);
        coverage.add(seen.mean(0));
        Tensor p = usage.div(usage.sum(0).maximum(usage.constant(1e-6)));
        entropy.add(p.mul(p.maximum(p.constant(1e-10)).log()).sum(0).neg());
    }

    /** Share of the codes used of late, per book [K]. */
    Tensor coverage() {
        return joined(coverage);
    }

    /** Entropy of the codes in nats, per book [K]. */
    Tensor entropy() {
        return joined(entropy);
    }

    private static Tensor joined(List<Tensor> books) {
        Tensor first = books.get(0);
        return books.size() == 1
                ? first
                : first.concat(0, books.stream().skip(1).toArray(Tensor[]::new));
    }
}
