package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * (the value of {@link Transducer}, frames I32 [B], label lengths I32 [B]) → I32 [B, U]: the frame at which the most probable
 * alignment emits each label; -1 beyond the label length, and for an utterance without frames. Of two alignments that are
 * equally probable it is the one that emits earlier.
 *
 * @param frames T
 * @param labels U
 */
record TransducerAlignment(int frames, int labels) implements Composite {
    @Override
    public String name() {
        return "transducer alignment";
    }

    @Override
    public Type type(List<Type> inputs) {
        return new Type(DType.I32, Shape.of(inputs.get(1).shape().dim(0), labels));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return new TransducerPaths(in, frames, labels + 1).bestFrames();
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel(
                "transducer_lattice.h",
                "glossa_transducer_alignment",
                List.of((long) inputs.get(1).shape().dim(0), (long) frames, labels + 1L)));
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        return TransducerBlocks.alignment(inputs.get(1).shape().dim(0), frames, labels + 1L);
    }
}
