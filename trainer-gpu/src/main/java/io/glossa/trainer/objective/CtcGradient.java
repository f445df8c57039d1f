package io.glossa.trainer.objective;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs of {@link CtcNll} → the gradient of each utterance's value with respect to its logits, [B, T, V]: the
 * softmax less the symbols' posterior probabilities.
 */
record CtcGradient() implements Composite {
    @Override
    public String name() {
        return "ctc gradient";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor sum = new CtcNll().decompose(in).total();
        return Gradients.of(sum, Map.of("logits", in.get(0).node())).get("logits");
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel("ctc.h", "glossa_ctc_gradient", CtcLattice.extents(inputs)));
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return CtcBlocks.of(inputs).map(CtcBlocks::gradient);
    }
}
