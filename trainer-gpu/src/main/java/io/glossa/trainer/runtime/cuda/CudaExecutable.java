package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.FiniteSearch;
import io.glossa.trainer.runtime.host.LazyLowered;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A plan in a GPU's memory. Its first run on a state binds addresses and records the calls; a run puts the batch in its
 * place, replays what was recorded, and reads the outputs in one copy.
 */
final class CudaExecutable implements Executable {
    private final CudaDevice device;
    private final Gpu gpu;
    private final ProgramPlan plan;
    private final LazyLowered lowered;
    private final Staging staging;
    private final Packed outputs;
    private final Gpu.Pinned results;
    private final long packed;
    private final long[] data;
    private BoundProgram bound;
    private Gpu.Recording recording;
    private Gpu.Measured measured;
    private double[] seconds;

    /** @param lowered of the same program; only asked for what a plan does not say */
    CudaExecutable(CudaDevice device, ProgramPlan plan, LazyLowered lowered) {
        this.device = device;
        this.plan = plan;
        this.lowered = lowered;
        gpu = device.gpu();
        staging = new Staging(gpu, plan);
        outputs = Packed.of(plan.outputs());
        results = gpu.pinned(outputs.bytes());
        packed = gpu.allocate(outputs.bytes());
        data = plan.data().stream().mapToLong(this::copied).toArray();
    }

    private long copied(HostTensor value) {
        try (NativeArray copy = NativeArray.of(value)) {
            long address = gpu.allocate(copy.bytes());
            gpu.write(address, copy.address(), copy.bytes());
            return address;
        }
    }

    @Override
    public Map<String, HostTensor> run(State state, Map<String, HostTensor> batch) {
        try (Staged staged = stage(batch)) {
            return run(state, staged);
        }
    }

    @Override
    public Staged stage(Map<String, HostTensor> batch) {
        return staging.stage(batch);
    }

    @Override
    public Map<String, HostTensor> run(State state, Staged batch) {
        bind((CudaState) state);
        staging.place(batch, bound);
        if (seconds != null) {
            runMeasured();
        } else {
            recording().replay();
        }
        gpu.read(results.address(), packed, outputs.bytes());
        return outputs.read(results.address());
    }

    private void bind(CudaState state) {
        if (bound == null || !bound.isFor(state, plan)) {
            forget();
            bound = new BoundProgram(device, plan, state, data);
        }
    }

    private Gpu.Recording recording() {
        if (recording == null) {
            recording = gpu.record(work -> {
                bound.issue(work);
                pack(work);
            });
        }
        return recording;
    }

    private void pack(Gpu.Work work) {
        outputs.items()
                .values()
                .forEach(item -> work.copy(
                        packed + item.offset(),
                        bound.address(item.place()),
                        item.type().bytes()));
    }

    private void runMeasured() {
        if (measured == null) {
            measured = gpu.measured(IntStream.range(0, bound.calls())
                    .mapToObj(call -> (Consumer<Gpu.Work>) work -> bound.issue(call, work))
                    .toList());
        }
        double[] now = measured.replay();
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] += now[i];
        }
        pack(gpu.work());
    }

    @Override
    public List<KernelTime> times() {
        if (seconds == null) {
            seconds = new double[plan.calls().size()];
        }
        List<KernelTime> times = new ArrayList<>();
        for (Kernel kernel : lowered.get().kernels()) {
            times.add(KernelTime.of(kernel, seconds[times.size()]));
        }
        return times;
    }

    @Override
    public Optional<String> firstNotFinite(State state, Map<String, HostTensor> batch) {
        CudaState present = (CudaState) state;
        bind(present);
        return present.restoring(() -> {
            try (Staged staged = stage(batch)) {
                staging.place(staged, bound);
                return new FiniteSearch(lowered.get(), kernel -> bound.issueAlone(kernel, gpu.work()), this::isFinite)
                        .first();
            }
        });
    }

    private boolean isFinite(Node node) {
        long address = bound.address(ProgramPlan.placeOf(lowered.get(), Map.of(), node, 0));
        try (NativeArray copy = NativeArray.allocate(node.type().bytes())) {
            gpu.read(copy.address(), address, copy.bytes());
            for (float x : NativeArray.read(copy.address(), node.type()).floats()) {
                if (!Float.isFinite(x)) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public long arenaBytes() {
        return plan.arenaBytes();
    }

    private void forget() {
        if (recording != null) {
            recording.close();
        }
        if (measured != null) {
            measured.close();
        }
        if (bound != null) {
            bound.close();
        }
        recording = null;
        measured = null;
        bound = null;
    }

    @Override
    public void close() {
        forget();
        staging.close();
        results.close();
        gpu.free(packed);
        for (long address : data) {
            gpu.free(address);
        }
    }
}
