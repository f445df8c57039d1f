package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.ProgramMemory;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Refuses buckets whose programs take more memory than a device has, before anything is allocated. */
final class MemoryCheck {
    /** Where the largest program takes less than this share, no other one is looked at. */
    private static final double AMPLE = 0.9;

    private MemoryCheck() {}

    /**
     * @param key of the setting by which a batch is made smaller
     * @throws GlossaException of type USER that names bytes needed, bytes there, and the batches that would fit
     */
    static void require(
            DeviceMemory device, Objective objective, TrainConfig config, Entry entry, Ranks ranks, String key) {
        List<Bucket> largestFirst = config.bucketTable().table().stream()
                .sorted(Comparator.comparingInt((Bucket b) -> b.utterances() * b.frames())
                        .thenComparingInt(Bucket::frames)
                        .reversed())
                .toList();
        for (Bucket bucket : largestFirst) {
            Optional<ProgramMemory> memory = LargestBatch.memory(
                    LargestBatch.training(objective, bucket, config.optimizer()), entry, ranks, device);
            if (memory.isEmpty()) {
                return; // the compiler says so itself, with what would help
            }
            if (memory.get().bytes() > device.free()) {
                throw tooLarge(bucket, memory.get(), device, objective, config, entry, ranks, key);
            }
            if (memory.get().bytes() <= AMPLE * device.free()) {
                return;
            }
        }
    }

    private static GlossaException tooLarge(
            Bucket bucket,
            ProgramMemory needed,
            DeviceMemory device,
            Objective objective,
            TrainConfig config,
            Entry entry,
            Ranks ranks,
            String key) {
        LargestBatch largest = LargestBatch.of(objective, bucket.frames(), config.optimizer(), entry, ranks, device);
        String fitting = largest.utterances() > 0
                ? String.format(
                        Locale.ROOT,
                        "%s=%.0f, %d of these utterances",
                        key,
                        Math.floor(largest.utterances() * bucket.frames() / Bucket.FRAMES_PER_SECOND),
                        largest.utterances())
                : "not one utterance of this length fits: shorter buckets";
        return GlossaException.user("Cannot train in batches of " + bucket.utterances() + " utterances of "
                + bucket.frames() + " frames: the program needs " + DeviceMemory.text(needed.bytes()) + " (state "
                + DeviceMemory.text(needed.state()) + ", activations " + DeviceMemory.text(needed.arena())
                + "), found " + DeviceMemory.text(device.free()) + " free on the device, expected as much (" + fitting
                + "; or an activation budget, dtype=bf16, optimizer-state=bf16)");
    }
}
