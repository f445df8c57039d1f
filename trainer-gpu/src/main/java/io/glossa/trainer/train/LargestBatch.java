package io.glossa.trainer.train;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The most utterances of one length whose program fits into a device's memory. It is computed: programs go through the
 * compiler's passes, and nothing is allocated or run.
 *
 * @param utterances 0 where not even one fits
 * @param memory what that many take; of one utterance where none fits
 */
public record LargestBatch(int utterances, ProgramMemory memory) {
    /** A small batch from which to predict, since memory is nearly linear in utterances. */
    private static final int SMALL = 4;

    /** Predictions before the middle of what is open is tried instead. */
    private static final int PREDICTIONS = 4;

    /**
     * The largest batch to train on.
     *
     * @param frames of each utterance, as in {@link Bucket}
     * @param entry what the program does of a step
     * @param ranks how it is laid out over them
     */
    static LargestBatch of(
            Objective objective, int frames, AdamW optimizer, Entry entry, Ranks ranks, DeviceMemory device) {
        int most = Integer.MAX_VALUE / (frames * objective.model().mels());
        return of(
                utterances ->
                        memory(training(objective, new Bucket(utterances, frames), optimizer), entry, ranks, device),
                most,
                device.free());
    }

    /**
     * Finds it with a few programs: two to predict from, those that the predictions name, and one that does not fit.
     *
     * @param memory of the program for so many utterances; empty where it cannot be compiled
     * @param most utterances to look at
     * @param free bytes
     */
    public static LargestBatch of(IntFunction<Optional<ProgramMemory>> memory, int most, long free) {
        LargestBatch best = new LargestBatch(0, new ProgramMemory(0, 0, 0, 0));
        int above = most + 1;
        int guess = 1;
        int last = 0;
        long lastBytes = 0;
        for (int tries = 1; above - best.utterances() > 1; tries++) {
            Optional<ProgramMemory> found = memory.apply(guess);
            long bytes = found.map(ProgramMemory::bytes).orElse(Long.MAX_VALUE);
            if (bytes <= free) {
                best = new LargestBatch(guess, found.orElseThrow());
            } else {
                above = guess;
            }
            if (above == 1) {
                return new LargestBatch(0, found.orElse(best.memory()));
            }
            int next = (best.utterances() + above) / 2;
            if (last == 0) {
                next = SMALL;
            } else if (found.isPresent() && tries <= 2 + PREDICTIONS) {
                next = predicted(guess, bytes, (bytes - lastBytes) / (double) (guess - last), free);
            }
            last = guess;
            lastBytes = bytes;
            guess = Math.max(best.utterances() + 1, Math.min(above - 1, next));
        }
        return best;
    }

    /** The program of a training step. */
    public static Program training(Objective objective, Bucket bucket, AdamW optimizer) {
        return Program.training(bucket.name(), t -> objective.trace(t, bucket), optimizer);
    }

    /** What a program takes; empty where the activation budget of the options is too small for it. */
    static Optional<ProgramMemory> memory(Program program, Entry entry, Ranks ranks, DeviceMemory device) {
        Graph joint = Joint.graph(program, new Trace(), entry, ranks);
        return withinBudget(() -> ProgramMemory.of(
                Compile.lowered(program.name(), joint, device.target(), device.options(), Dumps.NONE),
                Joint.declared(program, entry, ranks),
                device.target()));
    }

    /** What programs take; empty where the activation budget is too small for one that is lowered there. */
    static Optional<ProgramMemory> withinBudget(Supplier<ProgramMemory> memory) {
        try {
            return Optional.of(memory.get());
        } catch (GlossaException e) {
            if (e.type() == ErrorType.USER) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int predicted(int utterances, long bytes, double each, long free) {
        return each <= 0 ? 2 * utterances : (int) Math.floor(utterances + (free - bytes) / each);
    }
}
