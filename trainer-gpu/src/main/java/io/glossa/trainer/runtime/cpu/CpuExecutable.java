package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.FiniteSearch;
import io.glossa.trainer.runtime.host.LazyLowered;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.nio.ByteBuffer;
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
    private final ProgramPlan plan;
    private final LazyLowered lowered;
    private final List<NativeArray> owned = new ArrayList<>();
    private final List<Pointer> data = new ArrayList<>();
    private final Map<ProgramPlan.Prepared, Pointer> prepared = new HashMap<>();
    private CpuState bound;
    private Pointer arena;
    private NativeArray calls;
    private NativeArray entry;

    /** @param lowered of the same program; only asked for what a plan does not say */
    CpuExecutable(CpuDevice device, ProgramPlan plan, LazyLowered lowered) {
        this.device = device;
        this.plan = plan;
        this.lowered = lowered;
        for (HostTensor value : plan.data()) {
            data.add(own(NativeArray.of(value)).address());
        }
    }

    @Override
    public Map<String, HostTensor> run(State state, Map<String, HostTensor> values) {
        if (bound != state) {
            bind((CpuState) state);
        }
        write(values);
        enterAll();
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        plan.outputs().forEach((name, slot) -> outputs.put(name, NativeArray.read(address(slot.place()), slot.type())));
        return outputs;
    }

    private void write(Map<String, HostTensor> values) {
        plan.batch().forEach((name, slot) -> {
            NativeArray.write(address(slot.place()), plan.input(name, values));
        });
    }

    /** Runs all calls; what ranks do together is begun and awaited here, between native calls. */
    private void enterAll() {
        if (device.collectives().isEmpty()) {
            enter(0, calls());
            return;
        }
        CpuCollectives collectives = device.collectives().get();
        try {
            enterAll(collectives);
            collectives.end();
        } catch (RuntimeException e) {
            collectives.close(); // before anybody frees what they read and write
            throw e;
        }
    }

    private void enterAll(CpuCollectives collectives) {
        int from = 0;
        int awaited = 0;
        for (int at = 0; at < plan.calls().size(); at++) {
            ProgramPlan.Call call = plan.calls().get(at);
            if (call.isCollective() || call.awaits() > awaited) {
                enter(from, at - from);
                collectives.await(call.awaits());
                awaited = call.awaits();
                from = at;
            }
            if (call.isCollective()) {
                begin(call, collectives);
                from = at + 1;
            }
        }
        enter(from, calls() - from);
    }

    private void begin(ProgramPlan.Call call, CpuCollectives collectives) {
        collectives.begin(
                call.collective(),
                buffer(call.arguments().get(0), value(call.arguments().get(2))),
                buffer(call.arguments().get(1), value(call.arguments().get(3))));
    }

    private ByteBuffer buffer(ProgramPlan.Value place, long bytes) {
        return address((ProgramPlan.Place) place).getByteBuffer(0, bytes);
    }

    /** Runs some of the calls, in order. */
    private void enter(int first, int count) {
        if (count == 0) {
            return;
        }
        entry.address().setLong(8, count);
        entry.address().setPointer(16, calls.address().share((long) CALL_BYTES * first));
        Integer status = device.onWorker(() -> device.function("glossa_run").invokeInt(new Object[] {entry.address()}));
        if (status != 0) {
            throw GlossaException.internal(
                    "Cannot run program '" + plan.name() + "': " + device.failure() + " (status " + status + ")");
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
            return new FiniteSearch(lowered.get(), kernel -> enter(kernel, 1), this::isFinite).first();
        } finally {
            bound = null;
        }
    }

    private boolean isFinite(Node node) {
        Object[] arguments = {address(node), node.shape().size(), node.type().dtype() == DType.BF16 ? 1 : 0};
        return device.onWorker(() -> device.function("glossa_finite").invokeInt(arguments)) != 0;
    }

    private void bind(CpuState state) {
        bound = state;
        plan.state().forEach(state::require);
        arena = state.arena(plan.arenaBytes());
        List<ProgramPlan.Call> planned = plan.calls();
        calls = own(NativeArray.allocate((long) CALL_BYTES * planned.size()));
        for (int i = 0; i < planned.size(); i++) {
            ProgramPlan.Call call = planned.get(i);
            long[] arguments = call.arguments().stream().mapToLong(this::value).toArray();
            NativeArray block = own(NativeArray.allocate(8L * arguments.length));
            block.address().write(0, arguments, 0, arguments.length);
            long at = (long) CALL_BYTES * i;
            calls.address()
                    .setPointer(
                            at, call.emitted() ? device.emitted(call.function()) : device.function(call.function()));
            calls.address().setPointer(at + 8, block.address());
            calls.address().setLong(at + 16, 0);
        }
        entry = own(NativeArray.allocate(24));
        entry.address().setLong(0, VERSION);
    }

    @Override
    public List<KernelTime> times() {
        List<KernelTime> times = new ArrayList<>();
        for (Kernel kernel : calls == null ? List.<Kernel>of() : lowered.get().kernels()) {
            long nanoseconds = calls.address().getLong((long) CALL_BYTES * times.size() + 16);
            times.add(KernelTime.of(kernel, nanoseconds * 1e-9));
        }
        return times;
    }

    private long value(ProgramPlan.Value value) {
        if (value instanceof ProgramPlan.Number number) {
            return number.value();
        }
        if (value instanceof ProgramPlan.Prepared made) {
            return Pointer.nativeValue(prepared.computeIfAbsent(
                    made,
                    p -> device.prepare(
                            p.factory(),
                            p.description().stream().mapToLong(Long::longValue).toArray())));
        }
        return Pointer.nativeValue(address((ProgramPlan.Place) value));
    }

    private Pointer address(ProgramPlan.Place place) {
        if (place instanceof ProgramPlan.InArena in) {
            return arena.share(in.offset());
        }
        if (place instanceof ProgramPlan.InState in) {
            return new Pointer(bound.address(in.name()) + in.offset());
        }
        ProgramPlan.InData in = (ProgramPlan.InData) place;
        return data.get(in.index()).share(in.offset());
    }

    /** Where a node of the program lies; never asked of fixed data. */
    private Pointer address(Node node) {
        return address(ProgramPlan.placeOf(lowered.get(), Map.of(), node, 0));
    }

    private NativeArray own(NativeArray array) {
        owned.add(array);
        return array;
    }

    @Override
    public long arenaBytes() {
        return plan.arenaBytes();
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
