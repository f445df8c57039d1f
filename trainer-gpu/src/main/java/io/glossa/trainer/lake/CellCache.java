package io.glossa.trainer.lake;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Memory for cells that were read, so that later epochs do not read them again: the first ones, until it is full. None gives way to
 * another: an epoch comes back to a cell only when all others had their turn. A rank's sources share it.
 */
public final class CellCache {
    private final AtomicLong room;

    /** @param bytes of log-mels at most */
    public CellCache(long bytes) {
        room = new AtomicLong(bytes);
    }

    /** What one of so many ranks takes of the heap, if that is a share of it in per cent. */
    public static CellCache ofHeap(int percent, int ranks) {
        return new CellCache(Runtime.getRuntime().maxMemory() / 100 * percent / ranks);
    }

    /** The source, read through this cache. */
    public BatchSource over(BatchSource source) {
        return new Cached(source);
    }

    private boolean take(long bytes) {
        return room.getAndUpdate(left -> left >= bytes ? left - bytes : left) >= bytes;
    }

    private record Cell(int bucket, int block) {}

    private final class Cached implements BatchSource {
        private final BatchSource source;
        private final Map<Cell, List<Example>> kept = new ConcurrentHashMap<>();

        Cached(BatchSource source) {
            this.source = source;
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
            List<List<Example>> found = Arrays.stream(blocks)
                    .mapToObj(block -> kept.get(new Cell(bucket, block)))
                    .collect(Collectors.toCollection(ArrayList::new));
            int[] missing = IntStream.range(0, blocks.length)
                    .filter(at -> found.get(at) == null)
                    .toArray();
            if (missing.length > 0) {
                List<List<Example>> read = source.cells(
                        bucket, Arrays.stream(missing).map(at -> blocks[at]).toArray());
                for (int i = 0; i < missing.length; i++) {
                    found.set(missing[i], read.get(i));
                    keep(new Cell(bucket, blocks[missing[i]]), read.get(i));
                }
            }
            return found;
        }

        private void keep(Cell cell, List<Example> examples) {
            long bytes = examples.stream()
                    .mapToLong(example -> example.logmel().length)
                    .sum();
            kept.computeIfAbsent(cell, absent -> take(bytes) ? examples : null);
        }
    }
}
