package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions and their gradients as matrix products, for machines whose library has no other: a patch of the image under
 * the kernel is a row. Patches are movements, so the one kernel that lays them out is the only addition; what they are made
 * up with to a multiple of eight columns lets a product read them 16 bytes at a time.
 */
public final class ConvolutionsAsProducts {
    private static final int COLUMNS = 8;

    private final int stride;
    private final int padding;
    private final DType dtype;
    private final Shape image;
    private final Shape kernel;
    private final Shape result;

    private ConvolutionsAsProducts(Attr.Conv conv, Shape image, Shape kernel, Shape result) {
        this.stride = conv.stride();
        this.padding = conv.padding();
        this.dtype = conv.result();
        this.image = image;
        this.kernel = kernel;
        this.result = result;
    }

    public static Graph apply(Graph graph) {
        return Rewrite.nodes(graph, ConvolutionsAsProducts::rewrite);
    }

    private static Node rewrite(Builder builder, Node node, List<Node> inputs) {
        List<Tensor> in = inputs.stream().map(n -> new Tensor(builder, n)).toList();
        return switch (node.op()) {
            case CONV2D ->
                of(node, shape(node, 0), shape(node, 1), node.shape())
                        .forward(in.get(0), in.get(1))
                        .node();
            case CONV2D_GRAD_INPUT ->
                of(node, node.shape(), shape(node, 1), shape(node, 0))
                        .byInput(in.get(0), in.get(1))
                        .node();
            case CONV2D_GRAD_WEIGHT ->
                of(node, shape(node, 0), node.shape(), shape(node, 1))
                        .byWeight(in.get(0), in.get(1))
                        .node();
            default -> builder.node(node.op(), inputs, node.attr());
        };
    }

    private static Shape shape(Node node, int input) {
        return node.input(input).shape();
    }

    private static ConvolutionsAsProducts of(Node node, Shape image, Shape kernel, Shape result) {
        return new ConvolutionsAsProducts(node.attr(Attr.Conv.class), image, kernel, result);
    }

    private Tensor forward(Tensor x, Tensor w) {
        return product(patches(x), matrix(w)).reshape(result.dims());
    }

    private Tensor byWeight(Tensor x, Tensor dy) {
        return product(patches(x).transpose(), rows(dy))
                .slice(0, 0, taps() * channels())
                .reshape(kernel.dims());
    }

    private Tensor byInput(Tensor dy, Tensor w) {
        Tensor patches = product(rows(dy), matrix(w).transpose());
        patches = dtype == DType.F32 ? patches : patches.cast(DType.F32);
        Tensor sum = null;
        for (int tap = 0; tap < taps(); tap++) {
            Tensor own = patches.slice(1, tap * channels(), (tap + 1) * channels())
                    .reshape(image.dim(0), result.dim(1), result.dim(2), channels());
            Tensor spread = spread(spread(own, 1, tap / kernel.dim(1)), 2, tap % kernel.dim(1));
            sum = sum == null ? spread : sum.add(spread);
        }
        return dtype == DType.F32 ? sum : sum.cast(dtype);
    }

    /** With elements of the convolution's own type. */
    private Tensor product(Tensor a, Tensor b) {
        return new Tensor(
                a.builder(), a.builder().node(Op.MATMUL, List.of(a.node(), b.node()), new Attr.Result(dtype)));
    }

    /** [B·H'·W', taps·C and zeros]. */
    private Tensor patches(Tensor x) {
        Tensor[] taps = new Tensor[taps()];
        for (int tap = 0; tap < taps.length; tap++) {
            taps[tap] = every(every(x, 1, tap / kernel.dim(1)), 2, tap % kernel.dim(1));
        }
        Tensor all = taps.length == 1 ? taps[0] : taps[0].concat(-1, Arrays.copyOfRange(taps, 1, taps.length));
        return padded(all.reshape(-1, taps() * channels()), 1);
    }

    /** What one tap sees along an axis of the image: every stride-th place, zeros outside. */
    private Tensor every(Tensor x, int axis, int tap) {
        int places = result.dim(axis);
        int[] dims = x.shape().dims();
        Tensor seen = x.pad(axis, padding, stride * places + kernel.dim(axis - 1) - 1 - padding - dims[axis])
                .slice(axis, tap, tap + stride * places);
        dims[axis] = places;
        return seen.reshape(inserted(dims, axis, stride)).slice(axis + 1, 0, 1).reshape(dims);
    }

    /** The transpose of {@link #every}. */
    private Tensor spread(Tensor x, int axis, int tap) {
        int[] dims = x.shape().dims();
        Tensor apart = x.reshape(inserted(dims, axis, 1)).pad(axis + 1, 0, stride - 1);
        dims[axis] *= stride;
        return apart.reshape(dims)
                .pad(axis, tap, kernel.dim(axis - 1) - 1 - tap)
                .slice(axis, padding, padding + image.dim(axis));
    }

    private static int[] inserted(int[] dims, int axis, int extent) {
        int[] more = new int[dims.length + 1];
        System.arraycopy(dims, 0, more, 0, axis + 1);
        more[axis + 1] = extent;
        System.arraycopy(dims, axis + 1, more, axis + 2, dims.length - axis - 1);
        return more;
    }

    /** [taps·C and zeros, O]. */
    private Tensor matrix(Tensor w) {
        return padded(w.reshape(taps() * channels(), w.dim(3)), 0);
    }

    private static Tensor padded(Tensor matrix, int axis) {
        int missing = (COLUMNS - matrix.dim(axis) % COLUMNS) % COLUMNS;
        return missing == 0 ? matrix : matrix.pad(axis, 0, missing);
    }

    private static Tensor rows(Tensor dy) {
        return dy.reshape(-1, dy.dim(3));
    }

    private int taps() {
        return kernel.dim(0) * kernel.dim(1);
    }

    private int channels() {
        return kernel.dim(2);
    }
}
