package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Collectives;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Lowered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program as its calls and where everything lies, without any graph: what a run needs, and what a file can hold.
 *
 * @param workspaceBytes scratch memory that one call at a time needs
 * @param calls in order
 * @param batch where each batch input is written
 * @param outputs where each output is read
 * @param state the tensors that it expects of a state
 * @param data fixed tensors, by the index that places have
 */
public record ProgramPlan(
        String name,
        long arenaBytes,
        long workspaceBytes,
        List<Call> calls,
        Map<String, Slot> batch,
        Map<String, Slot> outputs,
        Map<String, Type> state,
        List<HostTensor> data) {
    private static final Map<String, Op> COLLECTIVES = Stream.of(Op.values())
            .filter(Op::isCollective)
            .collect(Collectors.toUnmodifiableMap(Emit::function, op -> op));

    /**
     * @param emitted whether the function is compiled for this program, and not of the runtime library
     * @param launches on a GPU, the compiled functions in order, all with these arguments; empty for a processor and for
     *     what the runtime itself does
     * @param parts above 1, the launches are one, of the same function, and each has its own share of the arguments
     * @param awaits how many of the collectives among the calls, in their order, must have ended before
     */
    public record Call(
            String function,
            boolean emitted,
            List<Value> arguments,
            List<GpuKernel.Launch> launches,
            int parts,
            int awaits) {
        /** Whether ranks do it together: it is begun, and goes on beside the calls that do not wait for it. */
        public boolean isCollective() {
            return COLLECTIVES.containsKey(function);
        }

        /** Which one it is. */
        public Op collective() {
            return COLLECTIVES.get(function);
        }
    }

    /** What a kernel is called by: see {@link Call}. */
    public record Code(String function, boolean emitted, List<GpuKernel.Launch> launches) {}

    /** A value in memory. */
    public record Slot(Place place, Type type) {}

    /** An argument of a call. */
    public sealed interface Value {}

    public record Number(long value) implements Value {}

    /** See {@link Argument.Prepared}. */
    public record Prepared(String factory, List<Long> description) implements Value {}

    /** An address. */
    public sealed interface Place extends Value {}

    /** So many bytes from the arena's start. */
    public record InArena(long offset) implements Place {}

    /** So many bytes into a tensor of the state. */
    public record InState(String name, long offset) implements Place {}

    public record InData(int index, long offset) implements Place {}

    /** Where scratch memory begins. */
    public record InWorkspace() implements Place {}

    /** The names of all functions that are compiled for this program. */
    public Set<String> emitted() {
        return calls.stream()
                .filter(Call::emitted)
                .flatMap(call -> call.launches().isEmpty()
                        ? Stream.of(call.function())
                        : call.launches().stream().map(GpuKernel.Launch::function))
                .collect(Collectors.toSet());
    }

    /**
     * The value of a batch input.
     *
     * @throws GlossaException of type INTERNAL that names it if it is missing or misshapen
     */
    public HostTensor input(String input, Map<String, HostTensor> values) {
        HostTensor value = values.get(input);
        Type type = batch.get(input).type();
        if (value == null || !value.type().equals(type)) {
            throw GlossaException.internal("Cannot run program '" + name + "': batch input '" + input + "' is "
                    + (value == null ? "missing" : value.type()) + ", expected " + type);
        }
        return value;
    }

    /** @param code what each kernel is called by */
    public static ProgramPlan of(Lowered lowered, Function<Kernel, Code> code) {
        return new Maker(lowered, code).plan();
    }

    private static final class Maker {
        private final Lowered lowered;
        private final Function<Kernel, Code> code;
        private final Map<Node, Integer> numbers = new LinkedHashMap<>();
        private final Map<String, Slot> batch = new LinkedHashMap<>();
        private final Map<String, Type> state = new LinkedHashMap<>();
        private long workspaceBytes;

        Maker(Lowered lowered, Function<Kernel, Code> code) {
            this.lowered = lowered;
            this.code = code;
        }

        ProgramPlan plan() {
            for (Node node : lowered.graph().nodes()) {
                if (node.op() == Op.DATA) {
                    numbers.put(node, numbers.size());
                } else if (node.op() == Op.INPUT) {
                    Attr.Input input = node.attr(Attr.Input.class);
                    if (input.role() == Attr.Role.BATCH) {
                        batch.put(input.name(), new Slot(place(node, 0), node.type()));
                    } else {
                        state.put(input.name(), node.type());
                    }
                }
            }
            Collectives collectives = lowered.schedule().collectives();
            List<Call> calls = new ArrayList<>();
            for (Kernel kernel : lowered.kernels()) {
                Code compiled = code.apply(kernel);
                calls.add(new Call(
                        compiled.function(),
                        compiled.emitted(),
                        kernel.arguments().stream().map(this::value).toList(),
                        compiled.launches(),
                        kernel.groups().size(),
                        collectives.ended(calls.size())));
            }
            int all = collectives.ended(calls.size());
            lowered.schedule()
                    .copied()
                    .forEach((input, node) -> calls.add(new Call(
                            "gl_copy",
                            false,
                            List.of(
                                    place(input, 0),
                                    place(node, 0),
                                    new Number(node.type().bytes())),
                            List.of(),
                            1,
                            all)));
            Map<String, Slot> outputs = new LinkedHashMap<>();
            lowered.graph()
                    .outputs()
                    .forEach((name, node) -> outputs.put(name, new Slot(place(Fuse.base(node), 0), node.type())));
            List<HostTensor> data = numbers.keySet().stream()
                    .map(node -> node.attr(Attr.Data.class).value())
                    .toList();
            return new ProgramPlan(
                    lowered.name(), lowered.arena().bytes(), workspaceBytes, calls, batch, outputs, state, data);
        }

        private Value value(Argument argument) {
            if (argument instanceof Argument.Number number) {
                return new Number(number.value());
            }
            if (argument instanceof Argument.Prepared made) {
                return new Prepared(made.factory(), made.description());
            }
            if (argument instanceof Argument.Workspace workspace) {
                workspaceBytes = Math.max(workspaceBytes, workspace.bytes());
                return new InWorkspace();
            }
            Argument.Buffer buffer = (Argument.Buffer) argument;
            return place(
                    buffer.node(),
                    buffer.offset() * buffer.node().type().dtype().bytes());
        }

        private Place place(Node node, long offset) {
            return placeOf(lowered, numbers, node, offset);
        }
    }

    /** Where a node of the program lies. */
    public static Place placeOf(Lowered lowered, Map<Node, Integer> data, Node node, long offset) {
        Node place = lowered.schedule().inPlace().getOrDefault(node, node);
        if (data.containsKey(place)) {
            return new InData(data.get(place), offset);
        }
        if (place.op() == Op.INPUT && place.attr(Attr.Input.class).role() != Attr.Role.BATCH) {
            return new InState(place.attr(Attr.Input.class).name(), offset);
        }
        return new InArena(lowered.arena().offsets().get(place) + offset);
    }
}
