package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A flat range of a tensor's elements, row-major: what one of the ranks that share a tensor holds of it.
 *
 * @param shape of the whole tensor
 * @param from its first element
 * @param elements of one axis, or the whole tensor
 */
public record TensorRange(long[] shape, long from, Tensor elements) {
    /** In a file's metadata, before the name of a tensor of which it has a part. */
    static final String KEY = "part.";

    private static final Pattern TEXT = Pattern.compile("from (\\d{1,18}) of \\[((?:\\d{1,18}(?:, )?)*)]");

    public TensorRange {
        shape = shape.clone();
        if (from < 0 || from + count(elements.shape()) > count(shape)) {
            throw GlossaException.data("Cannot make a part of a tensor: found elements from " + from + " on, "
                    + count(elements.shape()) + " of them, expected them within " + Arrays.toString(shape));
        }
    }

    /** All elements of a tensor. */
    public static TensorRange whole(Tensor tensor) {
        return new TensorRange(tensor.shape(), 0, tensor);
    }

    /** As above, of each. */
    public static Map<String, TensorRange> whole(Map<String, Tensor> tensors) {
        Map<String, TensorRange> ranges = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> ranges.put(name, whole(tensor)));
        return ranges;
    }

    /** True where nothing is missing. */
    boolean isWhole() {
        return Arrays.equals(shape, elements.shape());
    }

    /** What a safetensors file says of it beside its elements. */
    String text() {
        return "from " + from + " of " + Arrays.toString(shape);
    }

    /** A tensor of a file, which may say that it is a part of one. */
    static TensorRange of(SafetensorsReader file, String name, Object path) {
        Tensor elements = file.tensors().get(name);
        String text = file.metadata().get(KEY + name);
        return text == null ? whole(elements) : parse(text, elements, path);
    }

    private static TensorRange parse(String text, Tensor elements, Object file) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw SafetensorsHeader.refusal(file, "a part of a tensor is '" + text + "'", "as in 'from 12 of [4, 6]'");
        }
        long[] shape = parts.group(2).isEmpty()
                ? new long[0]
                : Arrays.stream(parts.group(2).split(", "))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new TensorRange(shape, Long.parseLong(parts.group(1)), elements);
    }

    /**
     * The tensor of which these are parts, put together when its data are asked for.
     *
     * @throws GlossaException of type DATA if an element is in none of them, or in two
     */
    static Tensor join(String name, List<TensorRange> ranges, Object checkpoint) {
        List<TensorRange> inOrder = new ArrayList<>(ranges);
        inOrder.sort(Comparator.comparingLong(TensorRange::from));
        TensorRange first = inOrder.get(0);
        if (inOrder.size() == 1 && first.isWhole()) {
            return first.elements();
        }
        long end = 0;
        for (TensorRange range : inOrder) {
            boolean alike = Arrays.equals(range.shape, first.shape)
                    && range.elements.dtype().equals(first.elements.dtype());
            if (!alike || range.from != end) {
                String found = alike ? "begins at element " + range.from : "is of another type or shape";
                throw missing(name, "a part of tensor '" + name + "' " + found, end, checkpoint);
            }
            end += count(range.elements.shape());
        }
        if (end != count(first.shape)) {
            throw missing(name, "tensor '" + name + "' ends at element " + end, count(first.shape), checkpoint);
        }
        return Tensor.lazy(first.elements.dtype(), first.shape, () -> joined(inOrder));
    }

    private static ByteBuffer joined(List<TensorRange> inOrder) {
        long bytes = inOrder.stream().mapToLong(range -> range.elements.bytes()).sum();
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(bytes));
        inOrder.forEach(range -> all.put(range.elements.data()));
        return all.flip();
    }

    private static GlossaException missing(String name, String found, long expected, Object checkpoint) {
        return GlossaException.data("Cannot read checkpoint " + checkpoint + ": " + found + ", expected element "
                + expected + " (a part of its sharded state is missing)");
    }

    private static long count(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
