package io.glossa.trainer.objective;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs of {@link Transducer}, its value and dy F32 [B] → F32, flat: the gradients of e, p, w and b, one below the other,
 * of the sum of the losses times dy.
 *
 * <p>The logits' gradient is the softmax times the cell's share of all paths, less that share at the symbols it went on with.
 * Kernels leave out cells whose share is too small to change a sum in single precision.
 */
record TransducerGradient() implements Composite {
    /** How many of the inputs have one, from the first on. */
    static final int OF = 4;

    private static final int DY = 8;

    @Override
    public String name() {
        return "transducer gradient";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.f32(Math.toIntExact(
                inputs.stream().limit(OF).mapToLong(x -> x.shape().size()).sum()));
    }

    @Override
    public boolean isProduct() {
        return true;
    }

    @Override
    public boolean rounds(int input) {
        return new Transducer().rounds(input);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        TransducerLattice lattice = new TransducerLattice(in);
        Map<String, Node> wanted = new LinkedHashMap<>();
        lattice.operands().forEach(x -> wanted.put("operand " + wanted.size(), x.node()));
        return Gradients.of(lattice.losses().mul(in.get(DY)).total(), wanted).values().stream()
                .map(gradient -> gradient.reshape(-1))
                .reduce((a, b) -> a.concat(0, b))
                .orElseThrow();
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(Transducer.kernel("transducer_gradient.h", "glossa_transducer_gradient", inputs));
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return TransducerBlocks.of(inputs).map(TransducerBlocks::gradient);
    }
}
