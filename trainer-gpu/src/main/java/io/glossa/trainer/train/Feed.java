package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.data.Windows;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The batches of one source, epoch by epoch: what is in each, and its utterances, read ahead. */
final class Feed implements AutoCloseable {
    private final BatchSource source;
    private final Buckets buckets;
    private final int parts;
    private final int seed;
    private final Windows windows;
    private final Map<Integer, BatchPlan> plans = new ConcurrentHashMap<>();
    private final int steps;

    /**
     * Reads nothing yet.
     *
     * @param epochs after which nothing is read ahead
     */
    Feed(BatchSource source, BatchConfig batches, int seed, int epochs) {
        this.source = source;
        this.seed = seed;
        source.census().requireSome();
        buckets = batches.table();
        parts = batches.parts();
        windows = new Windows(source, this::plan, epochs);
        steps = plan(0).steps();
    }

    /** From any thread. */
    BatchPlan plan(int epoch) {
        return plans.computeIfAbsent(epoch, e -> BatchPlan.of(source.census(), buckets, seed, e, parts));
    }

    /** Steps of an epoch, the same in every epoch. */
    int steps() {
        return steps;
    }

    Bucket shortest() {
        return buckets.table().get(0);
    }

    /** Begins to read what a rank needs from a step of an epoch on. */
    void begin(int epoch, int position, Rank rank) {
        windows.begin(epoch, position, rank.parts(parts).toArray());
    }

    /** The utterances of a part of a batch. From any thread. */
    List<Example> examples(BatchPlan.Batch part) {
        return windows.examples(part);
    }

    /** Of a step, on all ranks, by the mean length of its bucket's utterances, which sums up to what they have. */
    double audioSeconds(int epoch, int position) {
        BatchPlan plan = plan(epoch);
        int bucket = plan.bucketNumber(position);
        double mean = (double) source.census().frames(bucket) / source.census().utterances(bucket);
        return plan.utterances(position) * mean / Bucket.FRAMES_PER_SECOND;
    }

    /** No step before this epoch will be asked for. */
    void forgetBefore(int epoch) {
        plans.keySet().removeIf(earlier -> earlier < epoch);
    }

    @Override
    public void close() {
        windows.close();
    }
}
