package io.glossa.jobs.bench;

import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What planning an epoch took.
 *
 * @param planMb of census and plan
 * @param positionMs the longest of a thousand, each to the utterances of a step anywhere in the epoch
 * @param padding share of the frames in the places that hold an utterance
 * @param emptyPlaces share of the places that hold none
 */
record MeasuredPlan(
        long utterances,
        int blocks,
        int steps,
        double planSeconds,
        long planMb,
        double positionMs,
        double padding,
        double emptyPlaces) {
    private static final long SEED = 7;
    private static final int LOOKUPS = 1000;
    private static final double SHORTEST = 1;
    private static final double LONGEST = 30;

    /** Plans so many utterances, whose lengths are log-normal around a median in seconds. */
    static MeasuredPlan of(long utterances, double median, double spread, Buckets buckets, int parts) {
        long before = used();
        Census census = census(utterances, median, spread, buckets);
        long started = System.nanoTime();
        BatchPlan plan = BatchPlan.of(census, buckets, SEED, 1, parts);
        double seconds = (System.nanoTime() - started) * 1e-9;
        long bytes = used() - before;
        double slowest = 0;
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < LOOKUPS; i++) {
            long asked = System.nanoTime();
            BatchPlan.Batch batch = plan.batch(random.nextInt(plan.steps()), random.nextInt(parts));
            if (batch.places().length > 0) {
                plan.ranges(batch.window());
            }
            slowest = Math.max(slowest, (System.nanoTime() - asked) * 1e-6);
        }
        return new MeasuredPlan(
                census.utterances(),
                census.blocks(),
                plan.steps(),
                seconds,
                bytes >> 20,
                slowest,
                padding(census, buckets),
                emptyPlaces(census, buckets, parts));
    }

    private static double padding(Census census, Buckets buckets) {
        double real = 0;
        double all = 0;
        for (int bucket = 0; bucket < census.buckets(); bucket++) {
            real += census.frames(bucket);
            all += (double) census.utterances(bucket)
                    * buckets.table().get(bucket).frames();
        }
        return 1 - real / all;
    }

    private static double emptyPlaces(Census census, Buckets buckets, int parts) {
        double places = 0;
        for (int bucket = 0; bucket < census.buckets(); bucket++) {
            double room = (double) parts * buckets.table().get(bucket).utterances();
            places += Math.ceil(census.utterances(bucket) / room) * room;
        }
        return 1 - census.utterances() / places;
    }

    /** A sample of lengths says which share is in which bucket; where in the hash they lie is as good as even. */
    private static Census census(long utterances, double median, double spread, Buckets buckets) {
        Random random = new Random(SEED);
        int sample = 1_000_000;
        long[] found = new long[buckets.table().size()];
        double[] seconds = new double[found.length];
        for (int i = 0; i < sample; i++) {
            double length = Math.min(LONGEST, Math.max(SHORTEST, median * Math.exp(spread * random.nextGaussian())));
            int bucket = buckets.number((int) Math.ceil(length * Bucket.FRAMES_PER_SECOND));
            found[bucket]++;
            seconds[bucket] += length;
        }
        int blocks = Census.blocks(utterances);
        int[][] counts = new int[found.length][blocks];
        long[] frames = new long[found.length];
        SplittableRandom uneven = new SplittableRandom(SEED);
        for (int bucket = 0; bucket < found.length; bucket++) {
            double mean = (double) utterances * found[bucket] / sample / blocks;
            for (int block = 0; block < blocks; block++) {
                counts[bucket][block] =
                        (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * (uneven.nextDouble() - 0.5)));
                frames[bucket] += found[bucket] == 0
                        ? 0
                        : Math.round(
                                counts[bucket][block] * seconds[bucket] / found[bucket] * Bucket.FRAMES_PER_SECOND);
            }
        }
        return new Census(counts, frames, Map.of());
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
