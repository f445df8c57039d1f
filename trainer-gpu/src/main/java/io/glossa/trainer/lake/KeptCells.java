package io.glossa.trainer.lake;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Rank;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** A source that fits into a part of the heap, whose cells are read once and not once in each epoch. */
public final class KeptCells implements BatchSource {
    private static final int HEAP_SHARE = 4;
    private static final int HALF_BYTES = 2;

    private record Cell(int bucket, int block) {}

    private final BatchSource source;
    private final Map<Cell, List<Example>> kept = new ConcurrentHashMap<>();

    private KeptCells(BatchSource source) {
        this.source = source;
    }

    /** The source, with its cells kept if a quarter of the heap has room for as many copies of them as there are ranks. */
    public static BatchSource of(BatchSource source, int mels, Rank rank) {
        Census census = source.census();
        long frames =
                IntStream.range(0, census.buckets()).mapToLong(census::frames).sum();
        return frames * mels * HALF_BYTES * rank.count() <= Runtime.getRuntime().maxMemory() / HEAP_SHARE
                ? new KeptCells(source)
                : source;
    }

    @Override
    public long snapshot() {
        return source.snapshot();
    }

    @Override
    public Census census() {
        return source.census();
    }

    @Override
    public List<List<Example>> cells(int bucket, int[] blocks) {
        int[] missing = Arrays.stream(blocks)
                .filter(block -> !kept.containsKey(new Cell(bucket, block)))
                .toArray();
        if (missing.length > 0) {
            List<List<Example>> read = source.cells(bucket, missing);
            IntStream.range(0, missing.length).forEach(i -> kept.put(new Cell(bucket, missing[i]), read.get(i)));
        }
        return Arrays.stream(blocks)
                .mapToObj(block -> kept.get(new Cell(bucket, block)))
                .toList();
    }
}
