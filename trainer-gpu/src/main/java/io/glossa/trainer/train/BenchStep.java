package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The programs of a step on random batches, built for a device. */
final class BenchStep implements AutoCloseable {
    private static final float LEARNING_RATE = 1e-4f;

    /** @param reads names of its batch inputs */
    private record Built(Executable executable, Optional<BenchBatches> batches, Set<String> reads) {}

    private record Turn(int step, int program) {}

    private final Rank rank;
    private final List<Built> programs = new ArrayList<>();
    private final Upcoming<Turn> upcoming = new Upcoming<>();

    /** @param symbols of texts, without the blank */
    BenchStep(StepRecipe recipe, Bucket batch, Ranks ranks, int symbols, Device device) {
        rank = ranks.own();
        Map<StepRecipe.Source, BenchBatches> batches = new HashMap<>();
        recipe.sources()
                .forEach(source -> batches.put(source, new BenchBatches(source, source.bucket(batch), symbols)));
        for (StepProgram program : StepProgram.of(recipe, batch, 1, ranks)) {
            Trace trace = new Trace();
            Executable executable = device.load(program.name(), program.graph().apply(trace));
            programs.add(new Built(
                    executable,
                    program.source().map(batches::get),
                    trace.declared(Attr.Role.BATCH).keySet()));
        }
    }

    /** Runs a step, the next program's batch on its way meanwhile, as in training. Returns the loss, of streams their sum. */
    double run(State state, int step) {
        double loss = 0;
        for (int i = 0; i < programs.size(); i++) {
            Turn turn = new Turn(step, i);
            Turn next = i + 1 < programs.size() ? new Turn(step, i + 1) : new Turn(step + 1, 0);
            try (Staged batch = upcoming.take(turn, () -> staged(turn))) {
                upcoming.begin(next, () -> staged(next));
                HostTensor own = programs.get(i).executable().run(state, batch).get("loss");
                loss += own == null ? 0 : own.at(0);
            }
        }
        return loss;
    }

    private Staged staged(Turn turn) {
        Built program = programs.get(turn.program());
        Map<String, HostTensor> inputs = new HashMap<>(
                program.batches().map(batches -> batches.at(rank, turn.step())).orElse(Map.of()));
        inputs.put(Inputs.LEARNING_RATE, HostTensor.scalar(LEARNING_RATE));
        inputs.put(Trace.SEED, HostTensor.scalar(0));
        inputs.put(Trace.STEP, HostTensor.scalar(turn.step()));
        inputs.keySet().retainAll(program.reads());
        return program.executable().stage(inputs);
    }

    /** What all kernels took so far. */
    List<KernelTime> times() {
        return programs.stream()
                .flatMap(program -> program.executable().times().stream())
                .toList();
    }

    /** Bytes of activations of the largest program. */
    long arenaBytes() {
        return programs.stream()
                .mapToLong(program -> program.executable().arenaBytes())
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        upcoming.close();
        programs.forEach(program -> program.executable().close());
    }
}
