package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Batches on their way to a program: from pinned memory to memory of the GPU beside all other work, and from there to their
 * places when the program runs. As many are on their way at once as anybody stages; their memory is kept for later ones.
 */
final class Staging implements AutoCloseable {
    private final Gpu gpu;
    private final ProgramPlan plan;
    private final Packed layout;
    private final Deque<Slot> idle = new ArrayDeque<>();
    private final List<Slot> all = new ArrayList<>();

    private record Slot(Gpu.Pinned pinned, long address) {}

    Staging(Gpu gpu, ProgramPlan plan) {
        this.gpu = gpu;
        this.plan = plan;
        layout = Packed.of(plan.batch());
    }

    /** From any thread. */
    Staged stage(Map<String, HostTensor> values) {
        Slot slot = take();
        try {
            layout.write(slot.pinned().address(), name -> plan.input(name, values));
            return new OnItsWay(
                    values, slot, gpu.send(slot.address(), slot.pinned().address(), layout.bytes()));
        } catch (RuntimeException e) {
            giveBack(slot);
            throw e;
        }
    }

    /** Puts a batch where the program reads it, as soon as it has arrived. */
    void place(Staged batch, BoundProgram bound) {
        OnItsWay arriving = (OnItsWay) batch;
        gpu.await(arriving.transfer);
        layout.items()
                .values()
                .forEach(item -> gpu.work()
                        .copy(
                                bound.address(item.place()),
                                arriving.slot.address() + item.offset(),
                                item.type().bytes()));
    }

    private synchronized Slot take() {
        if (idle.isEmpty()) {
            Slot made = new Slot(gpu.pinned(layout.bytes()), gpu.allocate(layout.bytes()));
            all.add(made);
            return made;
        }
        return idle.pop();
    }

    private synchronized void giveBack(Slot slot) {
        idle.push(slot);
    }

    @Override
    public synchronized void close() {
        all.forEach(slot -> {
            slot.pinned().close();
            gpu.free(slot.address());
        });
        all.clear();
        idle.clear();
    }

    private final class OnItsWay implements Staged {
        private final Map<String, HostTensor> values;
        private final Slot slot;
        private final Gpu.Transfer transfer;
        private boolean closed;

        OnItsWay(Map<String, HostTensor> values, Slot slot, Gpu.Transfer transfer) {
            this.values = values;
            this.slot = slot;
            this.transfer = transfer;
        }

        @Override
        public Map<String, HostTensor> values() {
            return values;
        }

        /** After a run that read it, or before any. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                transfer.close();
                giveBack(slot);
            }
        }
    }
}
