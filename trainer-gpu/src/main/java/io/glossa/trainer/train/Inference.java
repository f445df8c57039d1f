package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A forward program per bucket, run over utterances: in batches of similar length, each read and sent on its way while the
 * one before runs.
 */
final class Inference implements AutoCloseable {
    /** Makes something of a batch's outputs for each of its utterances. */
    interface Results<T> {
        /** @param frames of the utterances, which lie in the first rows */
        List<T> of(Map<String, HostTensor> outputs, Bucket bucket, int[] frames);
    }

    /** Takes one utterance's part out of a batch's outputs. */
    interface Part<T> {
        /** @param frames of the utterance, which lies in this row */
        T of(Map<String, HostTensor> outputs, Bucket bucket, int row, int frames);

        /** The same of all of them. */
        default Results<T> ofEach() {
            return (outputs, bucket, frames) -> IntStream.range(0, frames.length)
                    .mapToObj(row -> of(outputs, bucket, row, frames[row]))
                    .toList();
        }
    }

    /**
     * @param indices of the utterances, one a row
     * @param rows their log-mels, by which batches of several runs differ
     */
    private record Batch(Bucket bucket, List<Integer> indices, List<float[]> rows) {}

    private final Programs programs;
    private final Buckets buckets;
    private final int mels;
    private final State state;
    private final Upcoming<Batch> upcoming = new Upcoming<>();

    /** @param state of the model, which the caller closes */
    Inference(Device device, State state, Buckets buckets, int mels, Function<Bucket, Program> program) {
        this.programs = new Programs(device, program, Entry.STEP, Sharding.NONE);
        this.buckets = buckets;
        this.mels = mels;
        this.state = state;
    }

    /**
     * What the programs say of each utterance, in their order.
     *
     * @param utterances log-mels, frame-major [frames × mels]
     * @throws GlossaException of type DATA for an utterance longer than the longest bucket
     */
    <T> List<T> run(List<float[]> utterances, Part<T> part) {
        return runBatches(utterances, part.ofEach());
    }

    /** As above, a batch at a time. */
    <T> List<T> runBatches(List<float[]> utterances, Results<T> each) {
        List<Batch> batches = batches(utterances);
        List<T> results = new ArrayList<>(Collections.nCopies(utterances.size(), null));
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            programs.prepare(batch.bucket());
            try (Staged staged = upcoming.take(batch, staged(batch))) {
                if (i + 1 < batches.size()) {
                    Batch next = batches.get(i + 1);
                    programs.prepare(next.bucket());
                    upcoming.begin(next, staged(next));
                }
                Map<String, HostTensor> outputs = programs.run(batch.bucket(), state, staged);
                int[] frames = batch.rows().stream().mapToInt(this::frames).toArray();
                List<T> found = each.of(outputs, batch.bucket(), frames);
                for (int row = 0; row < frames.length; row++) {
                    results.set(batch.indices().get(row), found.get(row));
                }
            }
        }
        return results;
    }

    private List<Batch> batches(List<float[]> utterances) {
        Map<Bucket, List<Integer>> byBucket = new LinkedHashMap<>();
        for (int i = 0; i < utterances.size(); i++) {
            byBucket.computeIfAbsent(bucket(utterances.get(i)), b -> new ArrayList<>())
                    .add(i);
        }
        List<Batch> batches = new ArrayList<>();
        byBucket.forEach((bucket, indices) -> {
            for (int from = 0; from < indices.size(); from += bucket.utterances()) {
                int to = Math.min(indices.size(), from + bucket.utterances());
                List<Integer> some = indices.subList(from, to);
                batches.add(new Batch(
                        bucket, some, some.stream().map(utterances::get).toList()));
            }
        });
        return batches;
    }

    private Bucket bucket(float[] features) {
        int frames = frames(features);
        return buckets.fitting(frames)
                .orElseThrow(() -> GlossaException.data("Cannot recognise an utterance of " + frames
                        + " frames: expected at most " + buckets.longest() + " (cut it first)"));
    }

    private int frames(float[] features) {
        return features.length / mels;
    }

    private Supplier<Staged> staged(Batch batch) {
        return () -> programs.stage(
                batch.bucket(),
                Map.of(
                        Inputs.FEATURES, BatchTensors.features(batch.rows(), batch.bucket(), mels),
                        Inputs.LENGTHS, BatchTensors.lengths(batch.rows(), batch.bucket(), mels)));
    }

    @Override
    public void close() {
        upcoming.close();
        programs.close();
    }
}
