package io.glossa.trainer.emit.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The kernel of each group on a GPU: emitted loops, a hand-written kernel, or a product for cuBLASLt. */
public final class CudaEmit {
    private CudaEmit() {}

    /** @param inPlace stored nodes that take over an input's memory */
    public static Kernel kernel(Group group, Map<Node, Node> inPlace) {
        return switch (group.kind()) {
            case LOOP -> new CudaLoop(group, inPlace).kernel();
            case COLUMN -> new CudaColumn(group).kernel();
            case KERNEL ->
                switch (group.root().op()) {
                    case MATMUL -> Emit.product(group);
                    case ALL_REDUCE, REDUCE_SCATTER, ALL_GATHER -> Emit.collective(group);
                    default -> written(group);
                };
        };
    }

    private static Kernel written(Group group) {
        Node node = group.root();
        GpuKernel kernel = node.op() == Op.CALL
                ? node.attr(Attr.Call.class)
                        .composite()
                        .gpuKernel(node.inputs().stream().map(Node::type).toList())
                        .orElseThrow(() -> GlossaException.internal("Cannot emit " + node + ": expected a kernel"))
                : ArrayKernels.of(node);
        List<Argument> arguments = new ArrayList<>(List.of(new Argument.Buffer(node, 0)));
        group.views().forEach(view -> arguments.add(new Argument.Buffer(view.source(), view.offset())));
        if (kernel.workspace() > 0) {
            arguments.add(new Argument.Workspace(kernel.workspace()));
        }
        kernel.numbers().forEach(number -> arguments.add(new Argument.Number(number)));
        if (node.op() == Op.CALL) {
            IntStream.range(0, node.inputs().size())
                    .filter(node.attr(Attr.Call.class).composite()::readsRowsApart)
                    .mapToObj(i -> new Argument.Number(group.views().get(i).strides()[0]))
                    .findFirst()
                    .ifPresent(arguments::add);
        }
        String name = kernel.launches().get(0).function().replaceAll("<.*", "");
        return new Kernel(group, name, "", kernel.header(), arguments, kernel.launches());
    }
}
