package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.trace.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** How much audio a forward program takes at once. */
final class InferenceBatch {
    /** Where programs share the machine's memory with other tasks; one core is no faster with more. */
    static final double SECONDS = 16;

    /** On a device with memory of its own: 8,000 encoder frames, products of which keep the largest GPUs busy. */
    static final double MOST_SECONDS = 320;

    private InferenceBatch() {}

    /**
     * Buckets whose batches fit into the device's memory beside the model, all buckets' programs being loaded at once.
     *
     * @param frames of the buckets, ascending
     * @throws GlossaException of type RESOURCE if not even one utterance of the longest bucket fits
     */
    static Buckets buckets(Device device, List<Integer> frames, Function<Bucket, Program> program) {
        double seconds = device.memory()
                .map(memory -> seconds(memory, device.hardware(), frames, program))
                .orElse(SECONDS);
        return Buckets.of(frames, seconds);
    }

    private static double seconds(
            DeviceMemory device, String hardware, List<Integer> frames, Function<Bucket, Program> program) {
        int longest = frames.get(frames.size() - 1);
        int most = Math.max(1, (int) (MOST_SECONDS * Bucket.FRAMES_PER_SECOND / longest));
        Map<Integer, Optional<ProgramMemory>> known = new HashMap<>();
        IntFunction<Optional<ProgramMemory>> memory = size -> known.computeIfAbsent(
                size,
                utterances -> LargestBatch.memory(
                                program.apply(new Bucket(utterances, longest)), Entry.STEP, Ranks.ONLY, device)
                        .map(one -> ofAll(one, frames.size())));
        if (memory.apply(most).filter(all -> all.bytes() <= device.free()).isPresent()) {
            return most * longest / Bucket.FRAMES_PER_SECOND;
        }
        LargestBatch largest = LargestBatch.of(memory, most, device.free());
        if (largest.utterances() == 0) {
            throw GlossaException.resource("Cannot recognise on " + hardware + ": the program for one utterance of "
                    + longest + " frames needs "
                    + DeviceMemory.text(largest.memory().bytes())
                    + " (model " + DeviceMemory.text(largest.memory().state()) + "), found "
                    + DeviceMemory.text(device.free()) + " free, expected as much");
        }
        return largest.utterances() * longest / Bucket.FRAMES_PER_SECOND;
    }

    /** Activations are those of the program that runs; batches on their way have a place for each bucket. */
    private static ProgramMemory ofAll(ProgramMemory one, int buckets) {
        return new ProgramMemory(one.state(), one.arena(), one.workspace(), buckets * one.staging());
    }
}
