package io.glossa.trainer.lake;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.OrderHash;
import io.glossa.storage.SnapshotReader;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The features of one front end in a snapshot, read cell by cell when they are asked for: of each file that may hold some of
 * them the pages that do. Nothing is kept. Of rows that older writers left without an order, each call reads the features of the
 * whole bucket.
 */
public final class LakeSource implements BatchSource {
    private static final int HALF_BYTES = 2;

    private final Lake lake;
    private final long snapshot;
    private final Expression chosen;
    private final Buckets buckets;
    private final Census census;
    private final Labels labels;

    private LakeSource(Lake lake, long snapshot, Expression chosen, Buckets buckets, Census census, Labels labels) {
        this.lake = lake;
        this.snapshot = snapshot;
        this.chosen = chosen;
        this.buckets = buckets;
        this.census = census;
        this.labels = labels;
    }

    /**
     * The utterances of these splits, without labels.
     *
     * @param frontEnd digest of the front end whose features are read
     * @param census of just these utterances
     */
    public static LakeSource unlabelled(
            Lake lake, long snapshot, String frontEnd, List<String> splits, Buckets buckets, Census census) {
        Expression chosen = Expressions.and(ofFrontEnd(frontEnd), Expressions.in("split", splits.toArray()));
        return new LakeSource(lake, snapshot, chosen, buckets, census, null);
    }

    /**
     * The utterances that have labels.
     *
     * @param census of just these utterances
     */
    public static LakeSource labelled(
            Lake lake, long snapshot, String frontEnd, Buckets buckets, Census census, Labels labels) {
        return new LakeSource(lake, snapshot, ofFrontEnd(frontEnd), buckets, census, labels);
    }

    private static Expression ofFrontEnd(String digest) {
        return Expressions.equal("config_digest", digest);
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
            if (lake.table(LakeTable.FEATURES).snapshot(snapshot) == null) {
                throw GlossaException.user("Cannot go on reading features: snapshot " + snapshot + " of "
                                + lake.location() + " is gone, expected it to stay while it is trained on (it has"
                                + " expired; start anew, in another folder)")
                        .causedBy(e);
            }
            throw e;
        }
    }

    private List<List<Example>> unlabelled(int bucket, int[] blocks) {
        List<List<Example>> cells = Stream.<List<Example>>generate(ArrayList::new)
                .limit(blocks.length)
                .toList();
        try (Stream<GenericRecord> rows = rows(bucket, blocks)) {
            rows.forEach(row -> {
                String id = row.get("utterance_id").toString();
                int cell = Arrays.binarySearch(blocks, OrderHash.block(OrderHash.of(id), census.blocks()));
                if (cell >= 0) {
                    Utterance utterance = new Utterance(id, (int) row.get("n_frames"), new int[0]);
                    cells.get(cell).add(new Example(utterance, logmel(row)));
                }
            });
        }
        cells.forEach(cell -> cell.sort((a, b) -> a.utterance().compareTo(b.utterance())));
        return cells;
    }

    private List<List<Example>> labelled(int bucket, int[] blocks) {
        List<List<Utterance>> wanted = labels.cells(bucket, blocks, census.blocks());
        Map<String, byte[]> features = new HashMap<>();
        wanted.forEach(cell -> cell.forEach(utterance -> features.put(utterance.id(), null)));
        try (Stream<GenericRecord> rows = rows(bucket, blocks)) {
            rows.filter(row -> features.containsKey(row.get("utterance_id").toString()))
                    .forEach(row -> features.put(row.get("utterance_id").toString(), logmel(row)));
        }
        return wanted.stream()
                .map(cell -> cell.stream()
                        .map(utterance -> new Example(utterance, present(utterance, features.get(utterance.id()))))
                        .toList())
                .toList();
    }

    private byte[] present(Utterance utterance, byte[] logmel) {
        if (logmel == null) {
            throw GlossaException.data("Cannot read the features of utterance " + utterance.id() + ": snapshot "
                    + snapshot
                    + " has none of " + utterance.frames() + " frames, expected what was counted (start anew in another"
                    + " folder)");
        }
        return logmel;
    }

    private Stream<GenericRecord> rows(int bucket, int[] blocks) {
        int most = buckets.table().get(bucket).frames();
        int less = bucket == 0 ? 0 : buckets.table().get(bucket - 1).frames();
        Object[] classes = LengthClass.between(less, most).toArray();
        return SnapshotReader.of(lake, LakeTable.FEATURES, snapshot)
                .select("utterance_id", "n_frames", "n_mels", "logmel")
                .where(chosen)
                .where(Expressions.greaterThan("n_frames", less))
                .where(Expressions.lessThanOrEqual("n_frames", most))
                .where(Expressions.or(Expressions.isNull("length_class"), Expressions.in("length_class", classes)))
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

    private static byte[] logmel(GenericRecord row) {
        ByteBuffer logmel = (ByteBuffer) row.get("logmel");
        int frames = (int) row.get("n_frames");
        int mels = (int) row.get("n_mels");
        if (logmel.remaining() != (long) frames * mels * HALF_BYTES) {
            throw GlossaException.data("Cannot read the features of utterance " + row.get("utterance_id") + ": found "
                    + logmel.remaining() + " bytes in " + frames + " frames of " + mels
                    + " mels, expected two bytes for each value (featurize again)");
        }
        byte[] bytes = new byte[logmel.remaining()];
        logmel.duplicate().get(bytes);
        return bytes;
    }
}
