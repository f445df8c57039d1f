package io.glossa.trainer.trace;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One capture: declares inputs, outputs and the loss while model code runs. There are no values to look at, so the
 * program cannot depend on them; choose with {@link Tensor#where}.
 */
public final class Trace {
    /** The batch scalars that random operations take: I32, given at each call. */
    public static final String SEED = "seed";

    public static final String STEP = "step";

    /** The batch scalar by which a stream multiplies its loss: F32. */
    public static final String LOSS_WEIGHT = "loss-weight";

    private final Builder builder = new Builder();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Init> inits = new LinkedHashMap<>();
    private final Map<String, Node> outputs = new LinkedHashMap<>();
    private final Map<String, Node> updates = new LinkedHashMap<>();
    private final Map<String, Type> wholes = new LinkedHashMap<>();
    private Attr.Segment own;
    private Loss loss;

    /**
     * What is to be minimised: a sum over the batch, divided by a weight.
     *
     * @param sum of this part of the batch, F32 []
     * @param weight of this part of the batch, F32 []
     * @param batchWeight of the whole batch, at least 1, F32 []
     */
    public record Loss(Tensor sum, Tensor weight, Tensor batchWeight) {}

    /** A trained F32 tensor. Names are paths, such as "encoder.blocks.0.conv.depthwise.weight". */
    public Tensor parameter(String name, Init init, int... dims) {
        return declare(name, Attr.Role.PARAMETER, Type.f32(dims), init);
    }

    /** F32 carried from step to step. */
    public Tensor state(String name, Init init, int... dims) {
        return state(name, DType.F32, init, dims);
    }

    /** Carried from step to step, F32 or BF16. */
    public Tensor state(String name, DType dtype, Init init, int... dims) {
        return declare(name, Attr.Role.STATE, new Type(dtype, Shape.of(dims)), init);
    }

    /** F32, fixed for the model's life and saved with it. */
    public Tensor buffer(String name, Init init, int... dims) {
        return declare(name, Attr.Role.BUFFER, Type.f32(dims), init);
    }

    /**
     * Of a parameter or state that was declared whole, a rank's own part from now on.
     *
     * @param rank the same for all that are declared here
     * @param shape of the part
     */
    public Tensor segment(String name, Attr.Segment rank, Shape shape) {
        Node whole = inputs.get(name).node();
        own = rank;
        wholes.put(name, whole.type());
        Attr.Role role = whole.attr(Attr.Input.class).role();
        Tensor part = new Tensor(
                builder, builder.input(name, role, new Type(whole.type().dtype(), shape)));
        inputs.put(name, part);
        return part;
    }

    /** F32 that the parts of a step add to, zero between steps. */
    public Tensor sum(String name, int... dims) {
        return declare(name, Attr.Role.SUM, Type.f32(dims), Init.ZEROS);
    }

    /** Declares what another capture declared of the state and this one has not. */
    public void adopt(Trace other) {
        other.inputs.forEach((name, tensor) -> {
            Attr.Role role = tensor.node().attr(Attr.Input.class).role();
            if (role != Attr.Role.BATCH && !inputs.containsKey(name)) {
                declare(name, role, tensor.node().type(), other.inits.get(name));
            }
        });
    }

    /** A declared input. */
    public Tensor input(String name) {
        return inputs.get(name);
    }

    /** Given anew at each call. */
    public Tensor batch(String name, DType dtype, int... dims) {
        return declare(name, Attr.Role.BATCH, new Type(dtype, Shape.of(dims)), null);
    }

    public Tensor seed() {
        return inputs.containsKey(SEED) ? inputs.get(SEED) : batch(SEED, DType.I32);
    }

    public Tensor step() {
        return inputs.containsKey(STEP) ? inputs.get(STEP) : batch(STEP, DType.I32);
    }

    /** F32 number, shape []. */
    public Tensor constant(double value) {
        return new Tensor(builder, builder.constant(value, DType.F32));
    }

    /** A named result of each call; of a program that is trained, what it is made from must be of the whole batch. */
    public void output(String name, Tensor value) {
        if (outputs.putIfAbsent(name, value.node()) != null) {
            throw GlossaException.internal("Cannot declare output '" + name + "': found it declared, expected new");
        }
    }

    /**
     * A named result that is a mean over the whole batch, whose parts may be on several ranks: Σ sum / Σ weight.
     *
     * @param sum of this part of the batch, F32 []
     * @param weight what it is a sum over, F32 []; over the whole batch a number from 1, or 0, which gives 0
     */
    public void mean(String name, Tensor sum, Tensor weight) {
        output(name, sum.batchSum(name + ".sum").div(weightOf(name, weight)));
    }

    /** The mean to be minimised, as above; also the output "loss". */
    public void loss(Tensor sum, Tensor weight) {
        mean("loss", sum, weight);
        loss = new Loss(sum, weight, weightOf("loss", weight));
    }

    /** A loss that each part of a batch has one of. */
    public void loss(Tensor scalar) {
        loss(scalar, scalar.constant(1));
    }

    private static Tensor weightOf(String mean, Tensor weight) {
        return weight.batchSum(mean + ".weight").maximum(weight.constant(1));
    }

    /** The next value of a parameter or state. */
    public void update(String name, Tensor value) {
        Tensor input = inputs.get(name);
        if (input == null || !input.node().type().equals(value.node().type())) {
            throw GlossaException.internal(
                    "Cannot update '" + name + "': found " + value.node().type() + ", expected "
                            + (input == null ? "a declared input" : input.node().type()));
        }
        updates.put(name, value.node());
    }

    public Optional<Loss> loss() {
        return Optional.ofNullable(loss);
    }

    public Builder builder() {
        return builder;
    }

    public Map<String, Node> outputs() {
        return outputs;
    }

    public Map<String, Node> updates() {
        return updates;
    }

    /** Initial values of everything but the batch. */
    public Map<String, LazyTensor> initial(int seed) {
        Map<String, LazyTensor> values = new LinkedHashMap<>();
        inits.forEach((name, init) -> {
            Type type = inputs.get(name).node().type();
            values.put(name, new LazyTensor(type, () -> initial(name, init, type, seed)));
        });
        return values;
    }

    private HostTensor initial(String name, Init init, Type type, int seed) {
        Type whole = wholes.getOrDefault(name, type);
        HostTensor value = init.values(name, whole.shape(), seed);
        return wholes.containsKey(name) ? own.of(value.floats(), type) : value.as(type.dtype());
    }

    /** The names with this role, in the order of declaration. */
    public Map<String, Type> declared(Attr.Role role) {
        Map<String, Type> found = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> {
            if (tensor.node().attr(Attr.Input.class).role() == role) {
                found.put(name, tensor.node().type());
            }
        });
        return found;
    }

    /** As above, of those of which each rank has its own part the whole types. */
    public Map<String, Type> whole(Attr.Role role) {
        Map<String, Type> found = declared(role);
        found.replaceAll((name, part) -> wholes.getOrDefault(name, part));
        return found;
    }

    /** The whole types of those parameters and states of which each rank has its own part. */
    public Map<String, Type> wholes() {
        return wholes;
    }

    private Tensor declare(String name, Attr.Role role, Type type, Init init) {
        if (inputs.containsKey(name)) {
            throw GlossaException.internal("Cannot declare input '" + name + "': found it declared, expected new");
        }
        Tensor tensor = new Tensor(builder, builder.input(name, role, type));
        inputs.put(name, tensor);
        if (init != null) {
            inits.put(name, init);
        }
        return tensor;
    }
}
