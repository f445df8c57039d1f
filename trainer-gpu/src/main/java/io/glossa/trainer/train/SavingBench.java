package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Part;
import io.glossa.storage.checkpoint.Retention;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What checkpoints cost the steps beside them: the steps that {@link TrainBench} measures, with checkpoints written as training
 * writes them and without, in turn, in one process.
 */
public final class SavingBench implements AutoCloseable {
    private static final Retention LAST = new Retention(1, 0);

    /** Seconds of each step, one after the other; the copy of the state is part of the step behind it. */
    public record Round(List<Double> without, List<Double> saving) {}

    private final TrainBench.Config config;
    private final int every;
    private final Folder folder;
    private final Device device;
    private final Trace declared;
    private final BenchStep step;
    private final State state;
    private int done;

    /**
     * Compiles, and runs the first steps, which nobody counts.
     *
     * @param every steps from one checkpoint to the next
     * @param folder for checkpoints, which is taken away at the end
     * @throws GlossaException of type USER if a round would have no step behind a checkpoint
     */
    public SavingBench(TrainBench.Config config, int every, Folder folder, Path cache) {
        if (every < 1 || every >= config.steps()) {
            throw GlossaException.user("Cannot measure checkpoints every " + every + " steps in " + config.steps()
                    + " steps, expected at least 1, and fewer than all steps");
        }
        this.config = config;
        this.every = every;
        this.folder = folder;
        TrainBench bench = new TrainBench(config);
        device = TrainBench.request(config, cache).open();
        declared = bench.declared(device);
        step = bench.built(device);
        state = device.allocate(declared.initial(0));
        steps(2, at -> {});
    }

    /** Measures both. */
    public Round round() {
        List<Double> without = steps(config.steps(), at -> {});
        try (Saver saver = new Saver(folder, Part.WHOLE, LAST, declared, ModelTensors.model(declared))) {
            List<Double> saving = steps(config.steps(), at -> {
                if (at > 0 && at % every == 0) {
                    saver.save(
                            state,
                            new CheckpointMeta(done, config.objective(), Map.of(), Map.of(), Map.of(), Map.of()));
                }
            });
            saver.finish();
            return new Round(without, saving);
        }
    }

    private List<Double> steps(int count, IntConsumer before) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            before.accept(i);
            step.run(state, done++);
            seconds.add((System.nanoTime() - start) * 1e-9);
        }
        return seconds;
    }

    @Override
    public void close() {
        state.close();
        step.close();
        device.close();
        try {
            folder.remove();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot take away " + folder + ": " + e)
                    .causedBy(e);
        }
    }
}
