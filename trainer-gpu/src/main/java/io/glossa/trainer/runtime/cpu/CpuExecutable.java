package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan in native memory: per call a function and its arguments, addresses of one arena and of one state among them.
 * Bound to a state at its first run; a run is one entry into native code.
 */
final class CpuExecutable implements Executable {
    private static final int VERSION = 2;
    private static final int CALL_BYTES = 24;

    private final CpuDevice device;
    private final Lowered lowered;
    private final List<NativeArray> owned = new ArrayList<>();
    private final Map<Node, Pointer> data = new HashMap<>();
    private final Map<Argument.Prepared, Pointer> prepared = new HashMap<>();
    private final Map<String, Node> batch = new LinkedHashMap<>();
    private final Map<Kernel, Function> functions;
    private CpuState bound;
    private Pointer arena;
    private NativeArray calls;
    private NativeArray entry;

    CpuExecutable(CpuDevice device, Lowered lowered) {
        this.device = device;
        this.lowered = lowered;
        this.functions = device.compiled(lowered.kernels());
        for (Node node : lowered.graph().nodes()) {
            if (node.op() == Op.DATA) {
                HostTensor value = node.attr(Attr.Data.class).value();
                NativeArray copy = own(NativeArray.allocate(value.type().bytes()));
                NativeArray.write(copy.address(), value);
                data.put(node, copy.address());
            } else if (node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == Attr.Role.BATCH) {
                batch.put(node.attr(Attr.Input.class).name(), node);
            }
        }
    }

    @Override
    public Map<String, HostTensor> run(State state, Map<String, HostTensor> values) {
        if (bound != state) {
            bind((CpuState) state);
        }
        write(values);
        enter(0, calls());
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        lowered.graph()
                .outputs()
                .forEach((name, node) -> outputs.put(name, NativeArray.read(address(Fuse.base(node)), node.type())));
        return outputs;
    }

    private void write(Map<String, HostTensor> values) {
        batch.forEach((name, node) -> {
            HostTensor value = values.get(name);
            if (value == null || !value.type().equals(node.type())) {
                throw GlossaException.internal("Cannot run program '" + lowered.name() + "': batch input '" + name
                        + "' is " + (value == null ? "missing" : value.type()) + ", expected " + node.type());
            }
            NativeArray.write(address(node), value);
        });
    }

    /** Runs some of the calls, in order. */
    private void enter(int first, int count) {
        entry.address().setLong(8, count);
        entry.address().setPointer(16, calls.address().share((long) CALL_BYTES * first));
        Integer status = device.onWorker(() -> device.function("glossa_run").invokeInt(new Object[] {entry.address()}));
        if (status != 0) {
            throw GlossaException.internal(
                    "Cannot run program '" + lowered.name() + "': " + device.failure() + " (status " + status + ")");
        }
    }

    private int calls() {
        return Math.toIntExact(calls.bytes() / CALL_BYTES);
    }

    @Override
    public Optional<String> firstNotFinite(State state, Map<String, HostTensor> values) {
        try (CpuState copy = ((CpuState) state).copy()) {
            bind(copy);
            write(values);
            return firstInput().or(this::firstResult);
        } finally {
            bound = null;
        }
    }

    private Optional<String> firstInput() {
        return lowered.graph().inputs().stream()
                .filter(node -> !isFinite(node))
                .findFirst()
                .map(node -> "input '" + node.attr(Attr.Input.class).name() + "' " + node.type());
    }

    private Optional<String> firstResult() {
        List<Kernel> kernels = lowered.kernels();
        for (int i = 0; i < kernels.size(); i++) {
            enter(i, 1);
            for (Node node : kernels.get(i).group().stored()) {
                if (!isFinite(node)) {
                    return Optional.of("kernel '" + KernelTime.name(kernels.get(i)) + "', number " + (i + 1) + " of "
                            + kernels.size() + ", in its result " + node.type());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether no element is NaN or infinite, as it lies in memory now. */
    private boolean isFinite(Node node) {
        DType dtype = node.type().dtype();
        if (dtype != DType.F32 && dtype != DType.BF16) {
            return true;
        }
        Object[] arguments = {address(node), node.shape().size(), dtype == DType.BF16 ? 1 : 0};
        return device.onWorker(() -> device.function("glossa_finite").invokeInt(arguments)) != 0;
    }

    private void bind(CpuState state) {
        bound = state;
        arena = state.arena(lowered.arena().bytes());
        List<Call> planned = new ArrayList<>();
        for (Kernel kernel : lowered.kernels()) {
            planned.add(new Call(
                    function(kernel),
                    kernel.arguments().stream().mapToLong(this::value).toArray()));
        }
        lowered.schedule()
                .copied()
                .forEach((input, node) -> planned.add(new Call(device.function("gl_copy"), new long[] {
                    Pointer.nativeValue(address(input)),
                    Pointer.nativeValue(address(node)),
                    node.type().bytes()
                })));
        calls = own(NativeArray.allocate((long) CALL_BYTES * planned.size()));
        for (int i = 0; i < planned.size(); i++) {
            long[] arguments = planned.get(i).arguments();
            NativeArray block = own(NativeArray.allocate(8L * arguments.length));
            block.address().write(0, arguments, 0, arguments.length);
            long at = (long) CALL_BYTES * i;
            calls.address().setPointer(at, planned.get(i).function());
            calls.address().setPointer(at + 8, block.address());
            calls.address().setLong(at + 16, 0);
        }
        entry = own(NativeArray.allocate(24));
        entry.address().setLong(0, VERSION);
    }

    @Override
    public List<KernelTime> times() {
        List<KernelTime> times = new ArrayList<>();
        for (Kernel kernel : calls == null ? List.<Kernel>of() : lowered.kernels()) {
            long nanoseconds = calls.address().getLong((long) CALL_BYTES * times.size() + 16);
            times.add(KernelTime.of(kernel, nanoseconds * 1e-9));
        }
        return times;
    }

    private record Call(Function function, long[] arguments) {}

    private Function function(Kernel kernel) {
        Function compiled = functions.get(kernel);
        return compiled != null ? compiled : device.function(kernel.function());
    }

    private long value(Argument argument) {
        if (argument instanceof Argument.Number number) {
            return number.value();
        }
        if (argument instanceof Argument.Prepared made) {
            return Pointer.nativeValue(prepared.computeIfAbsent(
                    made,
                    p -> device.prepare(
                            p.factory(),
                            p.description().stream().mapToLong(Long::longValue).toArray())));
        }
        Argument.Buffer buffer = (Argument.Buffer) argument;
        return Pointer.nativeValue(address(buffer.node()))
                + buffer.offset() * buffer.node().type().dtype().bytes();
    }

    private Pointer address(Node node) {
        Node place = lowered.schedule().inPlace().getOrDefault(node, node);
        if (data.containsKey(place)) {
            return data.get(place);
        }
        if (place.op() == Op.INPUT && place.attr(Attr.Input.class).role() != Attr.Role.BATCH) {
            return new Pointer(bound.address(place.attr(Attr.Input.class).name(), place.type()));
        }
        return arena.share(lowered.arena().offsets().get(place));
    }

    private NativeArray own(NativeArray array) {
        owned.add(array);
        return array;
    }

    @Override
    public long arenaBytes() {
        return lowered.arena().bytes();
    }

    /** Waits its turn behind a run that is still under way. */
    @Override
    public void close() {
        device.onWorker(() -> {
            prepared.forEach((made, pointer) -> device.function(made.factory().replace("_create", "_destroy"))
                    .invoke(Void.class, new Object[] {pointer}));
            prepared.clear();
            owned.forEach(NativeArray::close);
            owned.clear();
            return null;
        });
    }
}
