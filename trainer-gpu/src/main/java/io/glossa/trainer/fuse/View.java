package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a kernel of its own reads an operand without a copy: a node in memory, an offset and a stride per axis, in elements.
 */
public record View(Node source, long offset, long[] strides) {
    /** Through movements as far as they are strides with a unit stride in one of the last two axes. */
    public static View of(Node operand) {
        Index[] variables = new Index[operand.shape().rank()];
        for (int i = 0; i < variables.length; i++) {
            variables[i] = Index.variable("i" + i, i, operand.shape().dim(i));
        }
        Access access = Access.of(Access.join(operand.shape(), variables));
        View view = new View(Fuse.base(operand), 0, operand.shape().strides());
        Node node = operand;
        while (node.kind() == Op.Kind.MOVEMENT && node.op() != Op.CONCAT) {
            access = access.through(node, 0);
            node = node.input(0);
            view = strided(operand, variables, node, access).orElse(view);
        }
        return view;
    }

    /**
     * How a kernel of its own reads its inputs: products read views, others what is dense.
     *
     * @param rowsApart whether a composite's kernel may read rows that lie apart
     */
    static List<View> inputs(Node kernel, boolean rowsApart) {
        if (kernel.op() == Op.MATMUL) {
            return kernel.inputs().stream()
                    .map(input -> input.shape().rank() > 1 ? of(input) : dense(input))
                    .toList();
        }
        List<View> views = new ArrayList<>();
        Set<Long> pitches = new HashSet<>();
        for (int i = 0; i < kernel.inputs().size(); i++) {
            Node input = kernel.input(i);
            View view = rowsApart && readsRowsApart(kernel, i) ? columns(input) : dense(input);
            views.add(view);
            if (readsRowsApart(kernel, i)) {
                pitches.add(view.strides[0]);
            }
        }
        return pitches.size() > 1 ? inputs(kernel, false) : views;
    }

    private static boolean readsRowsApart(Node kernel, int input) {
        return kernel.op() == Op.CALL
                && kernel.attr(Attr.Call.class).composite().readsRowsApart(input);
    }

    private static View dense(Node node) {
        return new View(Fuse.base(node), 0, node.shape().strides());
    }

    /** A matrix as columns of one whose rows are a multiple of its own, and as well aligned; else dense. */
    private static View columns(Node matrix) {
        View view = of(matrix);
        int width = matrix.shape().dim(1);
        boolean whole = view.strides[1] == 1 && view.strides[0] % width == 0 && view.offset % width == 0;
        return whole ? view : dense(matrix);
    }

    private static Optional<View> strided(Node operand, Index[] variables, Node node, Access access) {
        boolean inMemory = node.kind() != Op.Kind.LEAF || Fuse.isBuffer(node);
        long[] strides = new long[variables.length];
        for (int i = 0; i < strides.length; i++) {
            OptionalLong stride = access.at().stride(variables[i]);
            if (stride.isEmpty() || stride.getAsLong() == 0 && operand.shape().dim(i) > 1) {
                return Optional.empty();
            }
            strides[i] = stride.getAsLong();
        }
        return inMemory && access.guards().isEmpty() && isMatrix(operand, strides)
                ? Optional.of(new View(Fuse.base(node), access.at().constant(), strides))
                : Optional.empty();
    }

    private static boolean isMatrix(Node operand, long[] strides) {
        int rank = strides.length;
        return unit(operand, strides, rank - 1) || unit(operand, strides, rank - 2);
    }

    private static boolean unit(Node operand, long[] strides, int axis) {
        return strides[axis] == 1 || operand.shape().dim(axis) == 1;
    }
}
