package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.util.Arrays;

/**
 * In which order the steps of an epoch take the buckets: shuffled within segments, each of which has its share of every bucket's
 * steps. So any place is found without the others, and a bucket never stays away for long.
 */
final class StepOrder {
    /** A step: the so manieth of its bucket. */
    record Step(int bucket, long index) {}

    private record Segment(long number, int start, Step[] steps) {}

    private static final int SEGMENT_STEPS = 4096;

    private final long[] each;
    private final int count;
    private final long segments;
    private final long seed;
    private final int epoch;
    private volatile Segment last;

    /** By bucket and step of it: its place in the epoch; made when it is first asked for. */
    private int[][] places;

    /** @param each steps of each bucket */
    StepOrder(long[] each, long seed, int epoch) {
        long all = Arrays.stream(each).sum();
        if (all > Integer.MAX_VALUE) {
            throw GlossaException.user("Cannot plan an epoch of " + all + " steps, expected at most "
                    + Integer.MAX_VALUE + " (larger batch-seconds, or more parts)");
        }
        this.each = each;
        this.count = (int) all;
        this.segments = Math.max(1, all / SEGMENT_STEPS);
        this.seed = seed;
        this.epoch = epoch;
    }

    int count() {
        return count;
    }

    Step at(int place) {
        Segment segment = segment(place);
        return segment.steps()[place - segment.start()];
    }

    /** The other way round: where the so manieth step of a bucket is. The first call goes through the whole epoch. */
    synchronized int place(int bucket, long index) {
        if (places == null) {
            int[][] found =
                    Arrays.stream(each).mapToObj(steps -> new int[(int) steps]).toArray(int[][]::new);
            for (long number = 0; number < segments; number++) {
                Segment segment = shuffled(number);
                for (int i = 0; i < segment.steps().length; i++) {
                    Step step = segment.steps()[i];
                    found[step.bucket()][(int) step.index()] = segment.start() + i;
                }
            }
            places = found;
        }
        return places[bucket][(int) index];
    }

    /** Steps of each bucket before a place, which may be the end. */
    long[] before(int place) {
        if (place == count) {
            return each.clone();
        }
        Segment segment = segment(place);
        long[] before = new long[each.length];
        Arrays.setAll(before, bucket -> share(bucket, segment.number()));
        for (int i = 0; i < place - segment.start(); i++) {
            before[segment.steps()[i].bucket()]++;
        }
        return before;
    }

    private Segment segment(int place) {
        Segment known = last;
        if (known != null && known.start() <= place && place < known.start() + known.steps().length) {
            return known;
        }
        long low = 0;
        long high = segments - 1;
        while (low < high) {
            long middle = (low + high + 1) / 2;
            if (start(middle) <= place) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Segment found = shuffled(low);
        last = found;
        return found;
    }

    private Segment shuffled(long number) {
        int start = start(number);
        int[] buckets = new int[start(number + 1) - start];
        int at = 0;
        for (int bucket = 0; bucket < each.length; bucket++) {
            int own = (int) (share(bucket, number + 1) - share(bucket, number));
            Arrays.fill(buckets, at, at + own, bucket);
            at += own;
        }
        new Order(seed, epoch, number).shuffle(buckets);
        long[] next = new long[each.length];
        Arrays.setAll(next, bucket -> share(bucket, number));
        Step[] steps = new Step[buckets.length];
        Arrays.setAll(steps, i -> new Step(buckets[i], next[buckets[i]]++));
        return new Segment(number, start, steps);
    }

    /** Steps of a bucket before a segment. */
    private long share(int bucket, long segment) {
        return each[bucket] * segment / segments;
    }

    private int start(long segment) {
        long before = 0;
        for (int bucket = 0; bucket < each.length; bucket++) {
            before += share(bucket, segment);
        }
        return (int) before;
    }
}
