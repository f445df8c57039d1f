package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The batches of one epoch in their order: a pure function of the utterances, seed and epoch.
 *
 * <p>A step is a batch of one bucket, cut into parts that each have the bucket's extents. Only the last step of a bucket may have
 * fewer parts, and only its last part fewer utterances. Who does which part is no matter of the plan: see {@link Rank#parts}.
 */
public final class BatchPlan {
    /**
     * One part of a step.
     *
     * @param rows indices of utterances, at most as many as the bucket has room for
     */
    public record Batch(Bucket bucket, int[] rows) {}

    private final List<Batch> steps;

    private BatchPlan(List<Batch> steps) {
        this.steps = steps;
    }

    /**
     * Plans an epoch.
     *
     * @param indices the utterances to use; none longer than the longest bucket
     * @param parts of a step
     */
    public static BatchPlan of(BatchSource source, int[] indices, Buckets buckets, long seed, int epoch, int parts) {
        Map<Bucket, int[]> members = members(source, indices, buckets);
        Order order = new Order(seed, epoch);
        List<Batch> steps = new ArrayList<>();
        members.forEach((bucket, rows) -> {
            order.shuffle(rows);
            int room = bucket.utterances() * parts;
            for (int from = 0; from < rows.length; from += room) {
                steps.add(new Batch(bucket, Arrays.copyOfRange(rows, from, Math.min(rows.length, from + room))));
            }
        });
        int[] places = new int[steps.size()];
        Arrays.setAll(places, i -> i);
        order.shuffle(places);
        return new BatchPlan(Arrays.stream(places).mapToObj(steps::get).toList());
    }

    private static Map<Bucket, int[]> members(BatchSource source, int[] indices, Buckets buckets) {
        Map<Bucket, List<Integer>> lists = new LinkedHashMap<>();
        buckets.table().forEach(bucket -> lists.put(bucket, new ArrayList<>()));
        for (int index : indices) {
            int frames = source.utterance(index).frames();
            Bucket bucket = buckets.fitting(frames)
                    .orElseThrow(() -> GlossaException.internal("Cannot plan utterance "
                            + source.utterance(index).id() + " of " + frames + " frames, expected at most "
                            + buckets.longest()));
            lists.get(bucket).add(index);
        }
        Map<Bucket, int[]> members = new LinkedHashMap<>();
        lists.forEach((bucket, list) ->
                members.put(bucket, list.stream().mapToInt(Integer::intValue).toArray()));
        return members;
    }

    /** Steps of the epoch, the same in every epoch. */
    public int steps() {
        return steps.size();
    }

    /** The extents of each part of a step. */
    public Bucket bucket(int step) {
        return steps.get(step).bucket();
    }

    /** Parts of a step that hold an utterance. */
    public int parts(int step) {
        Batch whole = steps.get(step);
        return -Math.floorDiv(-whole.rows().length, whole.bucket().utterances());
    }

    /** All utterances of a step, more than its bucket has room for. */
    public int[] utterances(int step) {
        return steps.get(step).rows().clone();
    }

    /** One part of a step; without utterances from {@link #parts} on. */
    public Batch batch(int step, int part) {
        Batch whole = steps.get(step);
        int room = whole.bucket().utterances();
        int[] all = whole.rows();
        int from = Math.min(all.length, part * room);
        return new Batch(whole.bucket(), Arrays.copyOfRange(all, from, Math.min(all.length, from + room)));
    }
}
