package io.glossa.trainer.lake;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.OrderHash;
import io.glossa.storage.SnapshotReader;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The log-mels of one front end for the rows of a snapshot, read cell by cell when they are asked for: of each file that may hold
 * some of them the pages that do. Nothing is kept. Of rows that older writers left without an order, each call reads those of the
 * whole bucket.
 */
public final class LakeSource implements BatchSource {
    /**
     * In what the utterances of some splits differ from the rows of a snapshot.
     *
     * @param leftOut names of those that are not among them, though the snapshot has them
     * @param emptied names of those that are, though it has them no more: their places are empty
     */
    public record Exceptions(Optional<Labels> leftOut, Optional<Labels> emptied) {
        public static final Exceptions NONE = new Exceptions(Optional.empty(), Optional.empty());
    }

    /** An utterance whose log-mels may still be in the making. */
    private record Awaited(Utterance utterance, Future<byte[]> logmel) {
        static Awaited empty(Utterance utterance) {
            return new Awaited(utterance, CompletableFuture.completedFuture(new byte[0]));
        }

        Example example() {
            return new Example(utterance, Background.result(logmel, "compute features"));
        }
    }

    private final Lake lake;
    private final TrainingRows table;
    private final long snapshot;
    private final Expression chosen;
    private final Buckets buckets;
    private final Census census;
    private final Labels labels;
    private final Exceptions exceptions;

    private LakeSource(
            Lake lake,
            TrainingRows table,
            long snapshot,
            Expression chosen,
            Buckets buckets,
            Census census,
            Labels labels,
            Exceptions exceptions) {
        this.lake = lake;
        this.table = table;
        this.snapshot = snapshot;
        this.chosen = chosen;
        this.buckets = buckets;
        this.census = census;
        this.labels = labels;
        this.exceptions = exceptions;
    }

    /**
     * The utterances of these splits, without labels.
     *
     * @param census of just these utterances
     */
    public static LakeSource unlabelled(
            Lake lake,
            TrainingRows table,
            long snapshot,
            List<String> splits,
            Buckets buckets,
            Census census,
            Exceptions exceptions) {
        Expression chosen = Expressions.in("split", splits.toArray());
        return new LakeSource(lake, table, snapshot, chosen, buckets, census, null, exceptions);
    }

    /**
     * The utterances that have labels.
     *
     * @param census of just these utterances
     */
    public static LakeSource labelled(
            Lake lake, TrainingRows table, long snapshot, Buckets buckets, Census census, Labels labels) {
        return new LakeSource(
                lake, table, snapshot, Expressions.alwaysTrue(), buckets, census, labels, Exceptions.NONE);
    }

    /** A condition on the classes of length, which holds for rows without one, too. */
    public static Expression inClasses(List<Integer> classes) {
        return Expressions.or(Expressions.isNull("length_class"), Expressions.in("length_class", classes.toArray()));
    }

    @Override
    public long snapshot() {
        return snapshot;
    }

    @Override
    public Census census() {
        return census;
    }

    /**
     * As it says.
     *
     * @throws GlossaException of type USER if the snapshot has expired, of type DATA for features that are not of their frames
     *     and bins, or are not there
     */
    @Override
    public List<List<Example>> cells(int bucket, int[] blocks) {
        if (blocks.length == 0) {
            return List.of();
        }
        try {
            return labels == null ? unlabelled(bucket, blocks) : labelled(bucket, blocks);
        } catch (GlossaException e) {
            if (lake.table(table.table()).snapshot(snapshot) == null) {
                throw GlossaException.user(
                                "Cannot go on reading " + table.table().tableName() + ": snapshot "
                                        + snapshot + " of " + lake.location()
                                        + " is gone, expected it to stay while it is trained on (it has"
                                        + " expired; start anew, in another folder)")
                        .causedBy(e);
            }
            throw e;
        }
    }

    private List<List<Example>> unlabelled(int bucket, int[] blocks) {
        List<List<Awaited>> cells = Stream.<List<Awaited>>generate(ArrayList::new)
                .limit(blocks.length)
                .toList();
        Set<String> without = names(exceptions.leftOut(), bucket, blocks)
                .flatMap(List::stream)
                .map(Utterance::id)
                .collect(Collectors.toSet());
        try (Stream<GenericRecord> rows = rows(bucket, blocks)) {
            rows.forEach(row -> {
                String id = id(row);
                int cell = Arrays.binarySearch(blocks, OrderHash.block(OrderHash.of(id), census.blocks()));
                if (cell >= 0 && !without.contains(id)) {
                    Utterance utterance = new Utterance(id, table.frames(row), new int[0]);
                    cells.get(cell).add(new Awaited(utterance, table.logmel(row)));
                }
            });
        }
        List<List<Utterance>> emptied =
                names(exceptions.emptied(), bucket, blocks).toList();
        for (int cell = 0; cell < emptied.size(); cell++) {
            cells.get(cell)
                    .addAll(emptied.get(cell).stream().map(Awaited::empty).toList());
        }
        cells.forEach(cell -> cell.sort((a, b) -> a.utterance().compareTo(b.utterance())));
        return examples(cells);
    }

    private Stream<List<Utterance>> names(Optional<Labels> some, int bucket, int[] blocks) {
        return some.stream().flatMap(names -> names.cells(bucket, blocks, census.blocks()).stream());
    }

    private List<List<Example>> labelled(int bucket, int[] blocks) {
        List<List<Utterance>> wanted = labels.cells(bucket, blocks, census.blocks());
        Map<String, Future<byte[]>> features = new HashMap<>();
        wanted.forEach(cell -> cell.forEach(utterance -> features.put(utterance.id(), null)));
        try (Stream<GenericRecord> rows = rows(bucket, blocks)) {
            rows.filter(row -> features.containsKey(id(row))).forEach(row -> features.put(id(row), table.logmel(row)));
        }
        return examples(wanted.stream()
                .map(cell -> cell.stream()
                        .map(utterance -> utterance.isEmpty()
                                ? Awaited.empty(utterance)
                                : new Awaited(utterance, present(utterance, features.get(utterance.id()))))
                        .toList())
                .toList());
    }

    private static List<List<Example>> examples(List<List<Awaited>> cells) {
        return cells.stream()
                .map(cell -> cell.stream().map(Awaited::example).toList())
                .toList();
    }

    private String id(GenericRecord row) {
        return row.get(table.id()).toString();
    }

    private Future<byte[]> present(Utterance utterance, Future<byte[]> logmel) {
        if (logmel == null) {
            throw GlossaException.data("Cannot read the features of utterance " + utterance.id() + ": snapshot "
                    + snapshot + " of " + table.table().tableName()
                    + " has none of " + utterance.frames() + " frames, expected what was counted (start anew in another"
                    + " folder)");
        }
        return logmel;
    }

    private Stream<GenericRecord> rows(int bucket, int[] blocks) {
        int most = buckets.table().get(bucket).frames();
        int less = bucket == 0 ? 0 : buckets.table().get(bucket - 1).frames();
        return SnapshotReader.of(lake, table.table(), snapshot)
                .select(table.columns())
                .where(chosen)
                .where(table.lengths(less, most))
                .where(Expressions.or(Expressions.isNull("order_hash"), inBlocks(blocks)))
                .rows();
    }

    private Expression inBlocks(int[] blocks) {
        return BlockHashes.condition(
                blocks,
                census.blocks(),
                (first, last) -> Expressions.and(
                        Expressions.greaterThanOrEqual("order_hash", first),
                        Expressions.lessThanOrEqual("order_hash", last)),
                Expressions::or);
    }
}
