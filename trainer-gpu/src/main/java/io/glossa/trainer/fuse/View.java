package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a matrix product reads an operand without a copy: a node in memory, an offset and a stride per axis, in elements.
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
