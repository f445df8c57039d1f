package io.glossa.trainer.emit;

import io.glossa.error.GlossaException;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.View;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The kernel of each group: emitted loops, or a call of the runtime library. */
public final class Emit {
    /** Element types of products, in the order of the numbers that stand for them in a description. */
    public static final List<DType> PRODUCT_TYPES = List.of(DType.F32, DType.BF16, DType.F8);

    private Emit() {}

    /** @param inPlace stored nodes that take over an input's memory */
    public static Kernel kernel(Group group, Map<Node, Node> inPlace) {
        if (group.kind() == Group.Kind.KERNEL) {
            return library(group);
        }
        List<Argument> arguments;
        String body;
        if (group.kind() == Group.Kind.LOOP) {
            LoopKernel loop = new LoopKernel(group, inPlace);
            body = loop.body();
            arguments = loop.arguments();
        } else {
            ColumnKernel column = new ColumnKernel(group);
            body = column.body();
            arguments = column.arguments();
        }
        return new Kernel(
                group, name(group), "void " + Kernel.UNNAMED + "(const int64_t* a) {\n" + body + "}\n", "", arguments);
    }

    /** The operations of a kernel, most telling first, for profiles and dumps. */
    public static String name(Group group) {
        List<String> ops = group.members().stream()
                .filter(n -> n.kind() != Op.Kind.MOVEMENT && n.kind() != Op.Kind.LEAF)
                .map(n -> n.op().name().toLowerCase(Locale.ROOT))
                .distinct()
                .limit(6)
                .collect(Collectors.toList());
        return "k_" + (ops.isEmpty() ? "copy" : String.join("_", ops));
    }

    /** A matrix product: result, two operands, and what the library makes of their extents and strides. */
    public static Kernel product(Group group) {
        Node node = group.root();
        View a = group.views().get(0);
        View b = group.views().get(1);
        List<Argument> arguments = new ArrayList<>(List.of(
                new Argument.Buffer(node, 0),
                new Argument.Buffer(a.source(), a.offset()),
                new Argument.Buffer(b.source(), b.offset())));
        node.inputs().stream().skip(2).forEach(bias -> arguments.add(new Argument.Buffer(Fuse.base(bias), 0)));
        arguments.add(new Argument.Prepared("gl_matmul_create", matmul(node, a, b)));
        return new Kernel(group, "gl_matmul", "", "", arguments);
    }

    private static Kernel library(Group group) {
        Node node = group.root();
        List<Argument> arguments = new ArrayList<>();
        arguments.add(new Argument.Buffer(node, 0));
        return switch (node.op()) {
            case MATMUL -> product(group);
            case ALL_REDUCE, REDUCE_SCATTER, ALL_GATHER -> collective(group);
            case CONV2D, CONV2D_GRAD_INPUT, CONV2D_GRAD_WEIGHT -> {
                inputs(node, arguments);
                arguments.add(new Argument.Prepared("gl_conv_create", convolution(node)));
                yield new Kernel(group, "gl_conv", "", "", arguments);
            }
            case GATHER -> {
                Shape table = node.input(0).shape();
                inputs(node, arguments);
                long ids = node.input(1).shape().size();
                numbers(arguments, ids, table.size() / table.dim(0), table.dim(0));
                yield new Kernel(group, "gl_gather", "", "", arguments);
            }
            case SCATTER_ADD -> {
                inputs(node, arguments);
                long ids = node.input(1).shape().size();
                numbers(
                        arguments,
                        ids,
                        node.input(0).shape().size() / ids,
                        node.shape().dim(0));
                yield new Kernel(group, "gl_scatter_add_" + suffix(node), "", "", arguments);
            }
            case CUMSUM -> {
                inputs(node, arguments);
                int last = node.shape().dim(-1);
                numbers(arguments, node.shape().size() / last, last);
                yield new Kernel(group, "gl_cumsum_" + suffix(node), "", "", arguments);
            }
            case CALL -> {
                Composite.Kernel kernel = node.attr(Attr.Call.class)
                        .composite()
                        .cpuKernel(node.inputs().stream().map(Node::type).toList())
                        .orElseThrow(() -> GlossaException.internal("Cannot emit " + node + ": expected a kernel"));
                inputs(node, arguments);
                kernel.numbers().forEach(n -> arguments.add(new Argument.Number(n)));
                yield new Kernel(group, kernel.function(), "", kernel.header(), arguments);
            }
            default -> throw GlossaException.internal("Cannot emit " + node + ": expected a kernel for " + node.op());
        };
    }

    /** A function of each runtime: result, operand, their bytes, and which segment is this rank's. */
    public static Kernel collective(Group group) {
        Node node = group.root();
        List<Argument> arguments = new ArrayList<>(List.of(new Argument.Buffer(node, 0)));
        inputs(node, arguments);
        long segment = node.attr() instanceof Attr.Segment own ? own.index() : 0;
        numbers(arguments, node.type().bytes(), node.input(0).type().bytes(), segment);
        return new Kernel(group, function(node.op()), "", "", arguments);
    }

    /** The runtime's function of a collective. */
    public static String function(Op collective) {
        return "gl_" + collective.name().toLowerCase(Locale.ROOT);
    }

    private static String suffix(Node node) {
        return node.type().dtype().name().toLowerCase(Locale.ROOT);
    }

    private static void inputs(Node node, List<Argument> arguments) {
        node.inputs().forEach(input -> arguments.add(new Argument.Buffer(Fuse.base(input), 0)));
    }

    private static void numbers(List<Argument> arguments, long... values) {
        for (long value : values) {
            arguments.add(new Argument.Number(value));
        }
    }

    /** Rank, then for a, b and the result: whether BF16, extents, strides. Batch axes of one element are left out. */
    private static List<Long> matmul(Node node, View a, View b) {
        int rank = node.shape().rank();
        int[] axes = IntStream.range(0, rank)
                .filter(i -> i >= rank - 2 || node.shape().dim(i) > 1)
                .toArray();
        List<Long> description = new ArrayList<>();
        description.add((long) axes.length);
        describe(description, axes, node.input(0).type(), a.strides());
        describe(description, axes, node.input(1).type(), b.strides());
        describe(description, axes, node.type(), node.shape().strides());
        return description;
    }

    private static void describe(List<Long> description, int[] axes, Type type, long[] strides) {
        description.add(code(type));
        for (int axis : axes) {
            description.add((long) type.shape().dim(axis));
        }
        for (int axis : axes) {
            description.add(strides[axis]);
        }
    }

    /** Of a product's operand or result, as the runtimes know it. */
    private static long code(Type type) {
        return PRODUCT_TYPES.indexOf(type.dtype());
    }

    /** Kind (0 forward, 1 by input, 2 by weight), whether BF16, stride, padding, then extents of x, w and y. */
    private static List<Long> convolution(Node node) {
        Attr.Conv conv = node.attr(Attr.Conv.class);
        Shape first = node.input(0).shape();
        Shape second = node.input(1).shape();
        List<Long> description = new ArrayList<>();
        description.add((long) (node.op().ordinal() - Op.CONV2D.ordinal()));
        description.add(code(node.input(0).type()));
        description.add((long) conv.stride());
        description.add((long) conv.padding());
        List<Shape> shapes = switch (node.op()) {
            case CONV2D -> List.of(first, second, node.shape());
            case CONV2D_GRAD_INPUT -> List.of(node.shape(), second, first);
            default -> List.of(first, node.shape(), second);
        };
        for (Shape shape : shapes) {
            for (int dim : shape.dims()) {
                description.add((long) dim);
            }
        }
        return description;
    }
}
