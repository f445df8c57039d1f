package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Layers;
import java.util.List;

/** The value of {@link Transducer} with all logits in memory: what the kernels are held to. */
final class TransducerLattice {
    private final List<Tensor> in;
    private final List<Tensor> operands;
    private final int batch;
    private final int extent;
    private final int rows;

    /** Inputs as in {@link Transducer}. */
    TransducerLattice(List<Tensor> in) {
        this.in = in;
        this.batch = in.get(0).dim(0);
        this.extent = in.get(0).dim(1);
        this.rows = in.get(1).dim(1);
        int joint = in.get(2).dim(0);
        this.operands = List.of(
                in.get(0).reshape(batch, extent, 1, joint),
                in.get(1).reshape(batch, 1, rows, joint),
                in.get(2).cast(DType.F32),
                in.get(3).reshape(1, -1));
    }

    /** What is added and multiplied of e, p, w and b: the nodes that a gradient passes, where inputs may be seen through. */
    List<Tensor> operands() {
        return operands;
    }

    Tensor losses() {
        return losses(planes());
    }

    /** Losses, then planes, flat. */
    Tensor value() {
        Tensor planes = planes();
        return losses(planes).concat(0, planes);
    }

    private Tensor losses(Tensor planes) {
        Tensor value = planes.pad(0, batch, 0);
        return new TransducerPaths(List.of(value, in.get(5), in.get(6)), extent, rows).losses();
    }

    private Tensor planes() {
        Tensor logits = logits();
        Tensor top = logits.max(-1);
        Tensor normaliser = logits.sub(top).exp().sum(-1).log().add(top);
        Tensor next = in.get(4).pad(1, 0, 1).reshape(batch, 1, rows, 1);
        Tensor isNext = next.equal(next.iota(1, 1, 1, logits.dim(3))).expand(logits.shape());
        Tensor label = isNext.where(logits, logits.constant(0)).sum(-1).sub(normaliser);
        Tensor blank = logits.slice(3, 0, 1).sub(normaliser);
        Tensor frames = in.get(5).reshape(batch, 1, 1);
        Tensor lengths = in.get(6).reshape(batch, 1, 1);
        Tensor cell = TransducerPaths.cells(frames, lengths, extent, rows);
        Tensor hasLabel = frames.iota(1, 1, rows).less(lengths).and(cell);
        return plane(cell, blank).concat(0, plane(hasLabel, label), plane(cell, normaliser));
    }

    private Tensor plane(Tensor counted, Tensor values) {
        return counted.where(values.reshape(batch, extent, rows), values.constant(0))
                .reshape(-1);
    }

    /** [B, T, U + 1, V]. */
    private Tensor logits() {
        Tensor sum = operands.get(0).add(operands.get(1));
        Tensor hidden = Layers.tanh(sum).reshape(-1, sum.dim(3));
        return hidden.matmul(operands.get(2)).add(operands.get(3)).reshape(batch, extent, rows, -1);
    }
}
