package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * (logits [B, T, V], labels I32 [B, U], frames I32 [B], label lengths I32 [B]) → [B]: minus the log-probability that the
 * frames spell the labels, summed over all alignments (Graves et al. 2006). Symbol 0 is blank. 0, and no gradient, where
 * no alignment exists.
 */
record CtcNll() implements Composite {
    @Override
    public String name() {
        return "ctc nll";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.f32(inputs.get(0).shape().dim(0));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return new CtcLattice(in.get(0), in.get(1), in.get(2), in.get(3)).nll();
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor gradient = Tensor.call(new CtcGradient(), in.toArray(Tensor[]::new));
        return Optional.of(Arrays.asList(gradient.mul(dy.reshape(dy.dim(0), 1, 1)), null, null, null));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel("ctc.h", "glossa_ctc_nll", CtcLattice.extents(inputs)));
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return CtcBlocks.of(inputs).map(CtcBlocks::nll);
    }
}
