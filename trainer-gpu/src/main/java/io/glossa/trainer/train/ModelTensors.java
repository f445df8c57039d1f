package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.storage.checkpoint.TensorRange;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Between a model's tensors on a device and those of a checkpoint. */
final class ModelTensors {
    private ModelTensors() {}

    /** Parameters and buffers: what a checkpoint calls the model, whole. */
    static Map<String, Type> model(Trace trace) {
        Map<String, Type> types = trace.whole(Attr.Role.PARAMETER);
        types.putAll(trace.declared(Attr.Role.BUFFER));
        return types;
    }

    /** What is carried from step to step beside the model: what a checkpoint calls the optimizer, whole. */
    static Map<String, Type> optimizer(Trace trace) {
        return trace.whole(Attr.Role.STATE);
    }

    /**
     * Of tensors of which each rank has a part, this rank's, as a checkpoint has it: without the zeros behind the end.
     *
     * @param wholes their whole types
     */
    static Map<String, TensorRange> parts(
            State state, Map<String, Type> wholes, Rank rank, Map<String, ByteBuffer> buffers) {
        Map<String, TensorRange> parts = new LinkedHashMap<>();
        wholes.forEach((name, type) -> {
            HostTensor value = state.get(name);
            long from = value.type().shape().size() * rank.index();
            int size = (int) Math.min(value.type().shape().size(), type.shape().size() - from);
            if (size > 0) {
                ByteBuffer buffer =
                        buffers.computeIfAbsent(name, made -> ByteBuffer.allocate(Math.toIntExact(size * width(type))));
                float[] inside = Arrays.copyOf(value.floats(), size);
                parts.put(name, new TensorRange(dims(type), from, Tensor.of(inside, dtype(type), buffer, size)));
            }
        });
        return parts;
    }

    private static String dtype(Type type) {
        return type.dtype() == DType.BF16 ? "BF16" : "F32";
    }

    private static long[] dims(Type type) {
        return Arrays.stream(type.shape().dims()).asLongStream().toArray();
    }

    /** The bytes of each in a checkpoint. */
    static Map<String, Long> bytes(Map<String, Type> types) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        types.forEach((name, type) -> bytes.put(name, type.shape().size() * width(type)));
        return bytes;
    }

    private static long width(Type type) {
        return type.dtype() == DType.BF16 ? Short.BYTES : Float.BYTES;
    }

    /**
     * Copies tensors from a device.
     *
     * @param buffers to copy each into by its name; those that are not there are made
     */
    static Map<String, Tensor> read(State state, Set<String> names, Map<String, ByteBuffer> buffers) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            HostTensor value = state.get(name);
            Type type = value.type();
            ByteBuffer buffer = buffers.computeIfAbsent(
                    name,
                    made -> ByteBuffer.allocate(Math.toIntExact(type.shape().size() * width(type))));
            tensors.put(name, Tensor.of(value.floats(), dtype(type), buffer, dims(type)));
        }
        return tensors;
    }

    /**
     * The named tensors of a checkpoint, each read when a device asks for it.
     *
     * @throws GlossaException of type DATA that names one that is missing or has another shape
     */
    static Map<String, LazyTensor> write(Map<String, Tensor> tensors, Map<String, Type> wanted, String of) {
        Map<String, LazyTensor> values = new LinkedHashMap<>();
        wanted.forEach((name, type) -> {
            Tensor tensor = required(tensors, name, type, of);
            values.put(
                    name,
                    new LazyTensor(
                            type,
                            () -> HostTensor.of(tensor.floats(), type.shape().dims())
                                    .as(type.dtype())));
        });
        return values;
    }

    private static Tensor required(Map<String, Tensor> tensors, String name, Type type, String of) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || !Arrays.equals(tensor.shape(), dims(type))) {
            throw GlossaException.data("Cannot load the " + of + " of a checkpoint: tensor '" + name + "' is "
                    + (tensor == null ? "missing" : Arrays.toString(tensor.shape())) + ", expected " + type);
        }
        return tensor;
    }

    /** Values that are there already, as a device takes them. */
    static Map<String, LazyTensor> made(Map<String, HostTensor> values) {
        Map<String, LazyTensor> made = new LinkedHashMap<>();
        values.forEach((name, value) -> made.put(name, LazyTensor.of(value)));
        return made;
    }

    /** The tensors of both parts of a checkpoint, as a rank has them. */
    static Map<String, LazyTensor> write(Checkpoint checkpoint, Trace trace, Rank rank) {
        Map<String, LazyTensor> values = write(checkpoint.model(), model(trace), "model");
        values.putAll(write(checkpoint.optimizer(), optimizer(trace), "optimizer"));
        return ofRank(values, trace, rank);
    }

    /** Of those of which each rank has a part, this rank's. */
    static Map<String, LazyTensor> ofRank(Map<String, LazyTensor> wholes, Trace trace, Rank rank) {
        Attr.Segment own = new Attr.Segment(rank.index(), rank.count());
        Map<String, LazyTensor> values = new LinkedHashMap<>(wholes);
        values.replaceAll((name, whole) -> {
            Type type = trace.input(name).node().type();
            return trace.wholes().containsKey(name)
                    ? new LazyTensor(type, () -> own.of(whole.value().floats(), type))
                    : whole;
        });
        return values;
    }
}
