package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * (rows [R, K·w], codebooks [K, V, w]) → I32 [K, R]: in each book the code of largest inner product with the book's part
 * of the row, the first where several are.
 */
record CodebookSearch() implements Composite {
    @Override
    public String name() {
        return "codebook search";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.i32(inputs.get(1).shape().dim(0), inputs.get(0).shape().dim(0));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor books = in.get(1);
        Tensor rows =
                in.get(0).reshape(in.get(0).dim(0), books.dim(0), books.dim(2)).permute(1, 0, 2);
        return Tensor.call(new ArgMax(), rows.matmul(books.transpose()));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        return Optional.of(new Kernel(
                "codebook_search.h",
                "glossa_codebook_search",
                List.of(
                        (long) inputs.get(0).shape().dim(0),
                        (long) inputs.get(1).shape().dim(0),
                        (long) inputs.get(1).shape().dim(1),
                        (long) inputs.get(1).shape().dim(2))));
    }
}
