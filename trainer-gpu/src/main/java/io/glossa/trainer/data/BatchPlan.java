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
 * <p>Planned for all ranks together: a step is one bucket's program on every rank, its utterances dealt out in turn, so
 * that every rank has the same steps. Only in the last step of a bucket may a rank have fewer utterances, or none.
 */
public final class BatchPlan {
    /**
     * One rank's part of a step.
     *
     * @param rows indices of utterances, at most as many as the bucket has room for
     */
    public record Batch(Bucket bucket, int[] rows) {}

    private final int ranks;
    private final List<Batch> steps;

    private BatchPlan(int ranks, List<Batch> steps) {
        this.ranks = ranks;
        this.steps = steps;
    }

    /**
     * Plans an epoch.
     *
     * @param indices the utterances to use; none longer than the longest bucket
     */
    public static BatchPlan of(BatchSource source, int[] indices, Buckets buckets, long seed, int epoch, int ranks) {
        Map<Bucket, int[]> members = members(source, indices, buckets);
        Order order = new Order(seed, epoch);
        List<Batch> steps = new ArrayList<>();
        members.forEach((bucket, rows) -> {
            order.shuffle(rows);
            int room = bucket.utterances() * ranks;
            for (int from = 0; from < rows.length; from += room) {
                steps.add(new Batch(bucket, Arrays.copyOfRange(rows, from, Math.min(rows.length, from + room))));
            }
        });
        int[] places = new int[steps.size()];
        Arrays.setAll(places, i -> i);
        order.shuffle(places);
        return new BatchPlan(ranks, Arrays.stream(places).mapToObj(steps::get).toList());
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

    /** Steps of the epoch, the same for every rank and every epoch. */
    public int steps() {
        return steps.size();
    }

    /** What this rank does in a step. */
    public Batch batch(int step, int rank) {
        Batch whole = steps.get(step);
        int[] all = whole.rows();
        int[] own = new int[(all.length - rank + ranks - 1) / ranks];
        Arrays.setAll(own, i -> all[rank + i * ranks]);
        return new Batch(whole.bucket(), own);
    }
}
