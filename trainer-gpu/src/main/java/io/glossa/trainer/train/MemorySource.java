package io.glossa.trainer.train;

import io.glossa.storage.OrderHash;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.objective.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Utterances that are in memory. */
public final class MemorySource implements BatchSource {
    private final long snapshot;
    private final Census census;

    /** By bucket and block. */
    private final List<List<List<Example>>> cells;

    private MemorySource(long snapshot, Census census, List<List<List<Example>>> cells) {
        this.snapshot = snapshot;
        this.census = census;
        this.cells = cells;
    }

    /** Those of some utterances that an objective can use. */
    public static MemorySource of(long snapshot, List<Example> examples, Buckets buckets, Objective objective) {
        Map<String, Long> rejected = new TreeMap<>();
        List<Example> used = new ArrayList<>();
        for (Example example : examples) {
            Optional<Admission> refusal = Admission.refusal(example.utterance(), buckets, objective.kind());
            refusal.ifPresentOrElse(reason -> rejected.merge(reason.code(), 1L, Long::sum), () -> used.add(example));
        }
        used.sort(Comparator.comparing(Example::utterance));
        int blocks = Census.blocks(used.size());
        List<List<List<Example>>> cells = buckets.table().stream()
                .map(bucket -> Stream.<List<Example>>generate(ArrayList::new)
                        .limit(blocks)
                        .toList())
                .toList();
        long[] frames = new long[cells.size()];
        for (Example example : used) {
            Bucket bucket = buckets.fitting(example.utterance().frames()).orElseThrow();
            int number = buckets.table().indexOf(bucket);
            frames[number] += example.utterance().frames();
            cells.get(number)
                    .get(OrderHash.block(OrderHash.of(example.utterance().id()), blocks))
                    .add(example);
        }
        int[][] counts = cells.stream()
                .map(own -> own.stream().mapToInt(List::size).toArray())
                .toArray(int[][]::new);
        return new MemorySource(snapshot, new Census(counts, frames, rejected), cells);
    }

    @Override
    public long snapshot() {
        return snapshot;
    }

    @Override
    public Census census() {
        return census;
    }

    @Override
    public List<List<Example>> cells(int bucket, int[] blocks) {
        return Arrays.stream(blocks).mapToObj(cells.get(bucket)::get).toList();
    }
}
