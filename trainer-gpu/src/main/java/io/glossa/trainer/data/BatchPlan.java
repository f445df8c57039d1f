package io.glossa.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The batches of one epoch in their order: a pure function of the census, the buckets, seed and epoch. It knows no ids and
 * no ranks.
 *
 * <p>A step is a batch of one bucket, cut into parts that each have the bucket's extents. The cells of a bucket, in the shuffled
 * order of blocks, make one sequence of utterances; each part has a piece of it to itself, its stream, from which its batches
 * come window by window, shuffled within a window. So who does a part reads on and on, and no block is read by two but at
 * the borders of streams. Only the last step of a bucket may have fewer parts, and only its last parts fewer utterances. Who
 * does which part is no matter of the plan: see {@link Rank#parts}.
 */
public final class BatchPlan {
    /**
     * One part of a step.
     *
     * @param places of its utterances in the window, at most as many as the bucket has room for
     */
    public record Batch(Bucket bucket, Window window, int[] places) {}

    /**
     * Some utterances of a stream that follow each other.
     *
     * @param bucket its number
     * @param index from 0 in its stream
     */
    public record Window(int epoch, int bucket, int part, int index) {}

    /** The utterances {@code from} to {@code to - 1} of the cell of a block. */
    public record Range(int block, int from, int to) {}

    /** A window is this many batches, but only as many of long ones as make {@value #WINDOW_SECONDS} s; few at least. */
    private static final int WINDOW_BATCHES = 8;

    private static final int FEW_BATCHES = 2;
    private static final int WINDOW_SECONDS = 500;

    private final Buckets buckets;
    private final long seed;
    private final int epoch;
    private final int parts;
    private final int[] blocks;

    /** By bucket and place of a block in the order: utterances in the cells before. */
    private final long[][] before;

    private final StepOrder steps;

    private BatchPlan(Buckets buckets, long seed, int epoch, int parts, int[] blocks, long[][] before) {
        this.buckets = buckets;
        this.seed = seed;
        this.epoch = epoch;
        this.parts = parts;
        this.blocks = blocks;
        this.before = before;
        long[] each = new long[before.length];
        for (int bucket = 0; bucket < each.length; bucket++) {
            each[bucket] = ceil(length(bucket, 0), room(bucket));
        }
        steps = new StepOrder(each, seed, epoch);
    }

    /**
     * Plans an epoch: 8 bytes per cell.
     *
     * @param parts of a step
     */
    public static BatchPlan of(Census census, Buckets buckets, long seed, int epoch, int parts) {
        int[] blocks = new int[census.blocks()];
        Arrays.setAll(blocks, i -> i);
        new Order(seed, epoch).shuffle(blocks);
        long[][] before = new long[census.buckets()][blocks.length + 1];
        for (int bucket = 0; bucket < before.length; bucket++) {
            for (int i = 0; i < blocks.length; i++) {
                before[bucket][i + 1] = before[bucket][i] + census.count(bucket, blocks[i]);
            }
        }
        return new BatchPlan(buckets, seed, epoch, parts, blocks, before);
    }

    /** Steps of the epoch, the same in every epoch. */
    public int steps() {
        return steps.count();
    }

    /** The extents of each part of a step. */
    public Bucket bucket(int step) {
        return buckets.table().get(bucketNumber(step));
    }

    /** The number of a step's bucket. */
    public int bucketNumber(int step) {
        return steps.at(step).bucket();
    }

    /** Parts of a step that hold an utterance. */
    public int parts(int step) {
        StepOrder.Step at = steps.at(step);
        long done = at.index() * room(at.bucket());
        long all = size(at.bucket());
        return all / parts > done ? parts : (int) (all % parts);
    }

    /** Utterances of a step, of all parts. */
    public int utterances(int step) {
        StepOrder.Step at = steps.at(step);
        long room = room(at.bucket());
        long sum = 0;
        for (int part = 0; part < parts; part++) {
            sum += Math.max(0, Math.min(room, length(at.bucket(), part) - at.index() * room));
        }
        return (int) sum;
    }

    /** One part of a step; without utterances from {@link #parts} on. */
    public Batch batch(int step, int part) {
        StepOrder.Step at = steps.at(step);
        return batch(at.bucket(), part, at.index());
    }

    /** What each part reads next after some steps: for each bucket that has a step left, the window of its next one. */
    public List<Window> windowsAfter(int step, int part) {
        long[] done = steps.before(step);
        List<Window> next = new ArrayList<>();
        for (int bucket = 0; bucket < done.length; bucket++) {
            if (done[bucket] * room(bucket) < length(bucket, part)) {
                next.add(batch(bucket, part, done[bucket]).window());
            }
        }
        return next;
    }

    private Batch batch(int bucket, int part, long step) {
        long room = room(bucket);
        Window window = new Window(epoch, bucket, part, (int) (step / windowBatches(bucket)));
        int[] places = shuffled(window);
        int from = (int) Math.min(places.length, (step - window.index() * windowBatches(bucket)) * room);
        int to = (int) Math.min(places.length, from + room);
        return new Batch(buckets.table().get(bucket), window, Arrays.copyOfRange(places, from, to));
    }

    /** The places of a window's utterances, in the order in which they are read. */
    private int[] shuffled(Window window) {
        long size = windowSize(window.bucket());
        long rest = length(window.bucket(), window.part()) - window.index() * size;
        int[] places = new int[(int) Math.max(0, Math.min(size, rest))];
        Arrays.setAll(places, i -> i);
        new Order(seed, epoch, window.bucket(), window.part(), window.index()).shuffle(places);
        return places;
    }

    /** The other way round: in which step of the epoch each utterance of a window is, in its order. */
    int[] stepsOf(Window window) {
        int[] places = shuffled(window);
        int[] found = new int[places.length];
        long before = window.index() * windowBatches(window.bucket());
        for (int i = 0; i < places.length; i++) {
            found[places[i]] = steps.place(window.bucket(), before + i / room(window.bucket()));
        }
        return found;
    }

    /** The window of the so manieth utterance of a bucket. */
    Window windowAt(int bucket, long position) {
        int part = 0;
        while (start(bucket, part + 1) <= position) {
            part++;
        }
        return new Window(epoch, bucket, part, (int) ((position - start(bucket, part)) / windowSize(bucket)));
    }

    /** How many utterances of its bucket are before a window. */
    long before(Window window) {
        return start(window.bucket(), window.part()) + window.index() * windowSize(window.bucket());
    }

    /** How many utterances of a bucket are before the cell of each block. */
    long[] beforeCells(int bucket) {
        long[] found = new long[blocks.length];
        for (int place = 0; place < blocks.length; place++) {
            found[blocks[place]] = before[bucket][place];
        }
        return found;
    }

    /** Windows of a stream. */
    public int windows(int bucket, int part) {
        return (int) ceil(length(bucket, part), windowSize(bucket));
    }

    /** Where the utterances of a window are, in its order. */
    public List<Range> ranges(Window window) {
        long from = before(window);
        long to = Math.min(from + windowSize(window.bucket()), start(window.bucket(), window.part() + 1));
        long[] cells = before[window.bucket()];
        int found = Arrays.binarySearch(cells, from);
        int place = found >= 0 ? found : -found - 2;
        List<Range> ranges = new ArrayList<>();
        for (; from < to; place++) {
            long end = Math.min(to, cells[place + 1]);
            if (end > from) {
                ranges.add(new Range(blocks[place], (int) (from - cells[place]), (int) (end - cells[place])));
                from = end;
            }
        }
        return ranges;
    }

    private long windowBatches(int bucket) {
        Bucket extents = buckets.table().get(bucket);
        double seconds = extents.utterances() * extents.frames() / Bucket.FRAMES_PER_SECOND;
        return Math.max(FEW_BATCHES, Math.min(WINDOW_BATCHES, (long) (WINDOW_SECONDS / seconds)));
    }

    private long windowSize(int bucket) {
        return windowBatches(bucket) * room(bucket);
    }

    private long room(int bucket) {
        return buckets.table().get(bucket).utterances();
    }

    private long size(int bucket) {
        return before[bucket][blocks.length];
    }

    private long start(int bucket, int part) {
        return part * (size(bucket) / parts) + Math.min(part, size(bucket) % parts);
    }

    /** Of a stream; the first parts have one more where it does not come out even. Who is no part has nothing. */
    private long length(int bucket, int part) {
        return part < parts ? start(bucket, part + 1) - start(bucket, part) : 0;
    }

    private static long ceil(long value, long by) {
        return -Math.floorDiv(-value, by);
    }
}
