package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
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

/**
 * A forward program per bucket, run over utterances: in batches of similar length, each read and sent on its way while the
 * one before runs.
 */
final class Inference implements AutoCloseable {
    /** Takes one utterance's part out of a batch's outputs. */
    interface Part<T> {
        /** @param frames of the utterance, which lies in this row */
        T of(Map<String, HostTensor> outputs, Bucket bucket, int row, int frames);
    }

    /** @param indices of the utterances, one a row */
    private record Batch(Bucket bucket, List<Integer> indices) {}

    private final Programs programs;
    private final Buckets buckets;
    private final int mels;
    private final State state;
    private final Upcoming<Integer> upcoming = new Upcoming<>();

    /** @param state of the model, which the caller closes */
    Inference(Device device, State state, Buckets buckets, int mels, Function<Bucket, Program> program) {
        this.programs = new Programs(device, program);
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
        List<Batch> batches = batches(utterances);
        List<T> results = new ArrayList<>(Collections.nCopies(utterances.size(), null));
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            programs.prepare(batch.bucket());
            try (Staged staged = upcoming.take(i, staged(batch, utterances))) {
                if (i + 1 < batches.size()) {
                    programs.prepare(batches.get(i + 1).bucket());
                    upcoming.begin(i + 1, staged(batches.get(i + 1), utterances));
                }
                Map<String, HostTensor> outputs = programs.run(batch.bucket(), state, staged);
                for (int row = 0; row < batch.indices().size(); row++) {
                    int index = batch.indices().get(row);
                    results.set(index, part.of(outputs, batch.bucket(), row, frames(utterances.get(index))));
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
                batches.add(new Batch(bucket, indices.subList(from, to)));
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

    private Supplier<Staged> staged(Batch batch, List<float[]> utterances) {
        Bucket bucket = batch.bucket();
        List<float[]> rows = batch.indices().stream().map(utterances::get).toList();
        return () -> programs.stage(
                bucket,
                Map.of(
                        Inputs.FEATURES, BatchTensors.features(rows, bucket, mels),
                        Inputs.LENGTHS, BatchTensors.lengths(rows, bucket, mels)));
    }

    @Override
    public void close() {
        upcoming.close();
        programs.close();
    }
}
