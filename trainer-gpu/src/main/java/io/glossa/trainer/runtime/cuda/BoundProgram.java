package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.ArrayList;
import java.util.List;

/** A plan with an address for every place, and with its functions and products: ready to be done, call by call. */
final class BoundProgram implements AutoCloseable {
    private static final String COPY = "gl_copy";
    private static final String PRODUCT = "gl_matmul_create";

    private interface Step {
        void issue(Gpu.Work work);
    }

    private final CudaState state;
    private final long arena;
    private final long workspace;
    private final long[] data;
    private final List<ProgramPlan.Call> calls;
    private final List<Step> steps = new ArrayList<>();
    private final List<LaunchTable> tables = new ArrayList<>();
    private int collectives;

    /** @param data where the plan's fixed tensors lie */
    BoundProgram(CudaDevice device, ProgramPlan plan, CudaState state, long[] data) {
        this.state = state;
        this.data = data;
        plan.state().forEach(state::require);
        arena = state.arena(plan.arenaBytes());
        workspace = state.workspace(plan.workspaceBytes());
        calls = plan.calls();
        calls.forEach(call -> steps.add(step(device, call)));
    }

    /** Whether the addresses are still those of this state. */
    boolean isFor(CudaState other, ProgramPlan plan) {
        return state == other
                && arena == state.arena(plan.arenaBytes())
                && workspace == state.workspace(plan.workspaceBytes());
    }

    int calls() {
        return steps.size();
    }

    /** One call; the last one leaves nothing on its way. */
    void issue(int call, Gpu.Work work) {
        int before = call == 0 ? 0 : calls.get(call - 1).awaits();
        await(before, calls.get(call).awaits(), work);
        steps.get(call).issue(work);
        if (call == steps.size() - 1) {
            await(calls.get(call).awaits(), collectives, work);
        }
    }

    private static void await(int before, int number, Gpu.Work work) {
        if (number > before) {
            work.await(number - 1);
        }
    }

    void issue(Gpu.Work work) {
        for (int call = 0; call < steps.size(); call++) {
            issue(call, work);
        }
    }

    /** One call, of which nothing is left on its way; where ranks do it together, what this one makes of it alone. */
    void issueAlone(int call, Gpu.Work work) {
        if (calls.get(call).isCollective()) {
            collective(calls.get(call)).alone(work);
        } else {
            steps.get(call).issue(work);
        }
    }

    long address(ProgramPlan.Place place) {
        if (place instanceof ProgramPlan.InArena in) {
            return arena + in.offset();
        }
        if (place instanceof ProgramPlan.InState in) {
            return state.address(in.name()) + in.offset();
        }
        if (place instanceof ProgramPlan.InWorkspace) {
            return workspace;
        }
        ProgramPlan.InData in = (ProgramPlan.InData) place;
        return data[in.index()] + in.offset();
    }

    private Step step(CudaDevice device, ProgramPlan.Call call) {
        if (call.function().equals(COPY)) {
            long[] words = words(call.arguments());
            return work -> work.copy(words[0], words[1], words[2]);
        }
        if (call.isCollective()) {
            int number = collectives++;
            Gpu.Collective collective = collective(call);
            return work -> work.begin(number, collective);
        }
        if (call.launches().isEmpty()) {
            return product(device, call);
        }
        long[] words = words(call.arguments());
        if (call.parts() > 1) {
            LaunchTable table = LaunchTable.of(device.gpu(), call.launches(), words);
            tables.add(table);
            Gpu.Function function = device.function(table.launch().function());
            return work -> work.launch(function, table.launch(), table.arguments());
        }
        List<Gpu.Function> functions = call.launches().stream()
                .map(GpuKernel.Launch::function)
                .map(device::function)
                .toList();
        return work -> {
            for (int i = 0; i < functions.size(); i++) {
                work.launch(functions.get(i), call.launches().get(i), words);
            }
        };
    }

    private Gpu.Collective collective(ProgramPlan.Call call) {
        long[] words = words(call.arguments());
        return new Gpu.Collective(call.collective(), words[0], words[1], words[2], words[3], words[4]);
    }

    /** Result and operands, a bias if there is one, then what is known of them. */
    private Step product(CudaDevice device, ProgramPlan.Call call) {
        int last = call.arguments().size() - 1;
        if (!(call.arguments().get(last) instanceof ProgramPlan.Prepared made)
                || !made.factory().equals(PRODUCT)) {
            throw GlossaException.internal(
                    "Cannot run " + call.function() + " on a GPU: expected a kernel with launches, or a product");
        }
        long[] words = words(call.arguments().subList(0, last));
        boolean biased = words.length > 3;
        Gpu.Factors at = new Gpu.Factors(words[0], words[1], words[2], biased ? words[3] : 0);
        Gpu.Product product = device.product(ProductPlan.of(made.description(), biased), at);
        return work -> work.multiply(product, at);
    }

    private long[] words(List<ProgramPlan.Value> values) {
        return values.stream()
                .mapToLong(value -> value instanceof ProgramPlan.Number number
                        ? number.value()
                        : address((ProgramPlan.Place) value))
                .toArray();
    }

    @Override
    public void close() {
        tables.forEach(LaunchTable::close);
    }
}
