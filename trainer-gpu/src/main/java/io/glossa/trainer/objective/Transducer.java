package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The joint network and the loss of a transducer (Graves 2012, arXiv 1211.3711): (e [B, T, J], p [B, U + 1, J], w [J, V],
 * b [V], labels I32 [B, U], frames I32 [B], label lengths I32 [B]) → F32, flat: for each utterance minus the log-probability
 * that its frames emit its labels, [B], summed over all alignments, and below it three planes [B, T, U + 1] that the gradient
 * and {@link TransducerAlignment} read: of each cell of the lattice the log-probability of blank, that of the next label, and
 * the log-sum-exp of the logits tanh(e + p) · w + b. Symbol 0 is blank. An utterance without frames has 0, as has a plane
 * where an utterance has no such cell, or no next label.
 *
 * <p>The logits of all cells, [B, T, U + 1, V], are nowhere in memory: kernels compute them in tiles, again for the gradient.
 */
record Transducer() implements Composite {
    private static final int PLANES = 3;
    private static final int WEIGHT = 2;

    /** F32 [B], of a value. */
    static Tensor losses(Tensor value, int utterances) {
        return value.slice(0, 0, utterances);
    }

    @Override
    public String name() {
        return "transducer";
    }

    @Override
    public Type type(List<Type> inputs) {
        Shape e = inputs.get(0).shape();
        long cells = (long) e.dim(0) * e.dim(1) * inputs.get(1).shape().dim(1);
        return Type.f32(Math.toIntExact(e.dim(0) + PLANES * cells));
    }

    @Override
    public boolean isProduct() {
        return true;
    }

    /** What tanh is taken of is not an operand; the weight's type says in which the products are. */
    @Override
    public boolean rounds(int input) {
        return input == WEIGHT;
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return new TransducerLattice(in).value();
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        List<Tensor> inputs = new ArrayList<>(in);
        inputs.add(y);
        inputs.add(losses(dy, in.get(0).dim(0)));
        Tensor all = Tensor.call(new TransducerGradient(), inputs.toArray(Tensor[]::new));
        Tensor[] gradients = new Tensor[in.size()];
        int from = 0;
        for (int i = 0; i < TransducerGradient.OF; i++) {
            int to = from + (int) in.get(i).shape().size();
            gradients[i] = all.slice(0, from, to)
                    .reshape(in.get(i).shape().dims())
                    .cast(in.get(i).dtype());
            from = to;
        }
        return Optional.of(Arrays.asList(gradients));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(kernel("transducer.h", "glossa_transducer", inputs));
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return TransducerBlocks.of(inputs).map(TransducerBlocks::value);
    }

    /** A kernel of these inputs, and perhaps more. */
    static Kernel kernel(String header, String function, List<Type> inputs) {
        String suffix = weight(inputs).dtype() == DType.BF16 ? "_bf16" : "_f32";
        return new Kernel(header, function + suffix, extents(inputs));
    }

    static Type weight(List<Type> inputs) {
        return inputs.get(WEIGHT);
    }

    /** B, T, U + 1, J, V. */
    static List<Long> extents(List<Type> inputs) {
        Shape e = inputs.get(0).shape();
        Shape w = weight(inputs).shape();
        return List.of(
                (long) e.dim(0), (long) e.dim(1), (long) inputs.get(1).shape().dim(1), (long) w.dim(0), (long)
                        w.dim(1));
    }
}
