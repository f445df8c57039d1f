package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/** (rows [R, w], codebook [V, w]) → I32 [R]: the code of largest inner product, the first where several are. */
record CodebookSearch() implements Composite {
    @Override
    public String name() {
        return "codebook search";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.i32(inputs.get(0).shape().dim(0));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return Tensor.call(new ArgMax(), in.get(0).matmul(in.get(1).transpose()));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel(
                "codebook_search.h",
                "glossa_codebook_search",
                List.of(
                        (long) inputs.get(0).shape().dim(0),
                        (long) inputs.get(1).shape().dim(0),
                        (long) inputs.get(1).shape().dim(1))));
    }
}
