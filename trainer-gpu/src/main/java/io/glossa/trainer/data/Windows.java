package io.glossa.trainer.data;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The windows that a rank has in memory, read by a thread of its own: of each stream that it takes batches from, the one that
 * the last batch came from and the next. So what is held is bounded by buckets, parts and window, whatever the table's size.
 * What fails to be read fails the batch that needs it.
 */
public final class Windows implements AutoCloseable {
    private record Stream(int bucket, int part) {
        static Stream of(BatchPlan.Window window) {
            return new Stream(window.bucket(), window.part());
        }
    }

    private record Cell(int block, List<Example> examples) {}

    private final BatchSource source;
    private final IntFunction<BatchPlan> plans;
    private final int epochs;
    private final Map<BatchPlan.Window, Future<List<Example>>> held = new ConcurrentHashMap<>();

    /** The cell that a stream's last window ended in; the thread's alone. */
    private final Map<Stream, Cell> rests = new HashMap<>();

    private final ExecutorService thread = Background.thread("glossa-windows");

    /**
     * Reads nothing yet.
     *
     * @param plans by epoch, from any thread
     * @param epochs after which nothing is read ahead
     */
    public Windows(BatchSource source, IntFunction<BatchPlan> plans, int epochs) {
        this.source = source;
        this.plans = plans;
        this.epochs = epochs;
    }

    /** Begins to read what some parts need from a step of an epoch on. */
    public void begin(int epoch, int step, int[] parts) {
        BatchPlan plan = plans.apply(epoch);
        Arrays.stream(parts)
                .mapToObj(part -> plan.batch(step, part))
                .filter(batch -> batch.places().length > 0)
                .forEach(batch -> hold(batch.window()));
        Arrays.stream(parts)
                .mapToObj(part -> plan.windowsAfter(step, part))
                .flatMap(List::stream)
                .forEach(this::hold);
    }

    /** The utterances of a batch. */
    public List<Example> examples(BatchPlan.Batch batch) {
        if (batch.places().length == 0) {
            return List.of();
        }
        BatchPlan.Window window = batch.window();
        Future<List<Example>> read = hold(window);
        Optional<BatchPlan.Window> next = next(window);
        next.ifPresent(this::hold);
        held.keySet()
                .removeIf(other -> Stream.of(other).equals(Stream.of(window))
                        && !other.equals(window)
                        && !next.filter(other::equals).isPresent());
        List<Example> examples = Background.result(read, "read utterances");
        return Arrays.stream(batch.places()).mapToObj(examples::get).toList();
    }

    private Future<List<Example>> hold(BatchPlan.Window window) {
        return held.computeIfAbsent(window, wanted -> thread.submit(() -> read(wanted)));
    }

    private Optional<BatchPlan.Window> next(BatchPlan.Window window) {
        if (window.index() + 1 < plans.apply(window.epoch()).windows(window.bucket(), window.part())) {
            return Optional.of(
                    new BatchPlan.Window(window.epoch(), window.bucket(), window.part(), window.index() + 1));
        }
        return window.epoch() + 1 < epochs
                ? Optional.of(new BatchPlan.Window(window.epoch() + 1, window.bucket(), window.part(), 0))
                : Optional.empty();
    }

    private List<Example> read(BatchPlan.Window window) {
        List<BatchPlan.Range> ranges = plans.apply(window.epoch()).ranges(window);
        Map<Integer, List<Example>> cells = new HashMap<>();
        Cell rest = rests.remove(Stream.of(window));
        if (rest != null) {
            cells.put(rest.block(), rest.examples());
        }
        int[] missing = ranges.stream()
                .mapToInt(BatchPlan.Range::block)
                .filter(block -> !cells.containsKey(block))
                .sorted()
                .toArray();
        List<List<Example>> read = missing.length == 0 ? List.of() : source.cells(window.bucket(), missing);
        IntStream.range(0, missing.length).forEach(i -> cells.put(missing[i], read.get(i)));
        List<Example> examples = new ArrayList<>();
        for (BatchPlan.Range range : ranges) {
            requireCount(
                    window.bucket(), range.block(), cells.get(range.block()).size());
            examples.addAll(cells.get(range.block()).subList(range.from(), range.to()));
        }
        BatchPlan.Range last = ranges.get(ranges.size() - 1);
        if (last.to() < cells.get(last.block()).size()) {
            rests.put(Stream.of(window), new Cell(last.block(), cells.get(last.block())));
        }
        return examples;
    }

    private void requireCount(int bucket, int block, int found) {
        int counted = source.census().count(bucket, block);
        if (found != counted) {
            throw GlossaException.data("Cannot read block " + block + " of bucket " + bucket + " of snapshot "
                    + source.snapshot() + ": found " + found + " utterances, expected the " + counted
                    + " that were counted (start anew in another folder)");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
