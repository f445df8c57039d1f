package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One kernel of a program, and the time that it took.
 *
 * @param kernel its operations and extents
 * @param seconds of all runs that were measured
 * @param bytes that one run must move: what it reads of every value in memory, and what it writes, once
 * @param flop floating-point operations of one run: 2·m·n·k of a product, one per element and operation elsewhere; 0
 *     where a hand-written kernel does not say
 */
public record KernelTime(String kernel, double seconds, long bytes, double flop) {
    /** What is known of a kernel before it runs. */
    public static KernelTime of(Kernel kernel, double seconds) {
        long bytes = 0;
        double flop = 0;
        for (Group group : kernel.groups()) {
            bytes += group.reads().stream().mapToLong(group::bytesRead).sum();
            bytes += group.stored().stream()
                    .mapToLong(node -> node.type().bytes())
                    .sum();
            flop += group.members().stream().mapToDouble(KernelTime::flop).sum();
        }
        return new KernelTime(name(kernel), seconds, bytes, flop);
    }

    /** The kernel's operations and extents; of several groups at once those of the first, and their number. */
    public static String name(Kernel kernel) {
        int count = kernel.groups().size();
        return name(kernel, kernel.group()) + (count > 1 ? ", " + count + " at once" : "");
    }

    static String name(Kernel kernel, Group group) {
        if (group.kind() == Group.Kind.KERNEL) {
            Node node = group.root();
            String operation =
                    node.op() == Op.CALL ? kernel.function() : node.op().name();
            return operation.toLowerCase(Locale.ROOT)
                    + node.inputs().stream().map(input -> " " + input.shape()).collect(Collectors.joining());
        }
        String middle = group.kind() == Group.Kind.COLUMN ? group.length() + "×" : "";
        return kernel.function().substring(2) + " " + group.rows() + "×" + middle + group.columns();
    }

    /** Floating-point operations of one node, as above; 0 of a composite. */
    public static double flop(Node node) {
        return switch (node.op()) {
            case MATMUL -> 2.0 * node.shape().size() * node.input(0).shape().dim(-1);
            case CONV2D -> convolution(node.shape(), node.input(1).shape());
            case CONV2D_GRAD_INPUT ->
                convolution(node.input(0).shape(), node.input(1).shape());
            case CONV2D_GRAD_WEIGHT -> convolution(node.input(1).shape(), node.shape());
            default ->
                switch (node.kind()) {
                    case POINTWISE -> node.shape().size();
                    case REDUCTION -> node.input(0).shape().size();
                    default -> 0;
                };
        };
    }

    /** Every result [B, H, W, O] takes kh·kw·C products of the kernel [kh, kw, C, O]. */
    private static double convolution(Shape result, Shape kernel) {
        return 2.0 * result.size() * kernel.size() / kernel.dim(-1);
    }
}
