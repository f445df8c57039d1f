package io.glossa.jobs.lineage;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.train.ForgottenNote;
import io.glossa.jobs.train.ForgottenPlaces;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Takes out what is to be forgotten. Its digests are noted first, so that no ingest brings it back; the snapshots that trainings read
 * get twins without it, and places in plans become empty; then rows go, and history where that is asked for. Stopped anywhere, it is
 * done by doing it again.
 */
final class Forgetting {
    private static final String JOB = "forget";
    private static final int SHORT = 12;

    private final SparkSession spark;
    private final Lake lake;
    private final Price price;
    private final String request;
    private final String day = LocalDate.now(ZoneOffset.UTC).toString();
    private final WriterStage writer;

    Forgetting(SparkSession spark, Lake lake, Price price) {
        this.spark = spark;
        this.lake = lake;
        this.price = price;
        request = price.wanted().digest();
        String key = JOB + " " + request;
        writer = new WriterStage(
                spark,
                lake,
                new Lineage(
                        JOB,
                        JOB + "-" + request.substring(0, SHORT),
                        key,
                        Map.of(),
                        ConfigDigest.of(Map.of("request", request)),
                        CodeVersion.current(),
                        null));
    }

    /** Does all but to take away history. */
    void run() {
        note();
        Map<Long, Long> twins = new HashMap<>();
        for (Run run : price.runs()) {
            run.inputs().forEach((table, snapshot) -> {
                if (Holdings.TABLES.contains(table) && price.holdings().has(table, snapshot)) {
                    twins.computeIfAbsent(snapshot, old -> twin(table, old));
                }
            });
        }
        ForgottenNote note = new ForgottenNote(request, day, price.wanted().utterances(), Set.of(), twins);
        price.runs()
                .forEach(run -> ForgottenPlaces.empty(
                        spark, lake, run.folder(), run.last().meta(), note));
        price.begun().forEach(ForgottenPlaces::clear);
        for (LakeTable table : Holdings.TABLES) {
            if (price.holdings().rows().get(table) > 0) {
                rows(table).forEach(rows -> writer.remove(table, rows));
            }
        }
    }

    private void note() {
        lake.table(LakeTable.FORGOTTEN);
        StructType schema = SparkSchemaUtil.convert(LakeTable.FORGOTTEN.icebergSchema());
        List<Row> rows = new ArrayList<>();
        price.wanted().recordings().forEach(id -> rows.add(RowFactory.create(id, "recording", request, day)));
        price.wanted().utterances().forEach(id -> rows.add(RowFactory.create(id, "utterance", request, day)));
        writer.append(LakeTable.FORGOTTEN, spark.createDataFrame(rows, schema));
    }

    /** The snapshot with the same rows but for those to be forgotten. */
    private long twin(LakeTable table, long snapshot) {
        String branch = "forgotten-" + request.substring(0, SHORT) + "-" + snapshot;
        return writer.without(table, snapshot, branch, rows(table).findFirst().orElseThrow());
    }

    /** Rows of a table that are to go, by columns that tell them. */
    private Stream<Dataset<Row>> rows(LakeTable table) {
        Wanted wanted = price.wanted();
        return switch (table) {
            case RECORDINGS -> Stream.of(named("id", wanted.recordings()));
            case UTTERANCES -> Stream.of(named("id", wanted.utterances()));
            case FEATURES, TRANSCRIPTS -> Stream.of(named("utterance_id", wanted.utterances()));
            case REJECTS -> Stream.of(named("source", wanted.refused()), named("recording_id", wanted.recordings()));
            case SENTENCES, CONSENT, FORGOTTEN -> Stream.empty();
        };
    }

    private Dataset<Row> named(String column, Collection<String> values) {
        return spark.createDataset(List.copyOf(values), Encoders.STRING()).toDF(column);
    }

    /**
     * Takes away all snapshots that hold any of it, with their tags and with the files that no other has.
     *
     * @return how many, by table
     */
    Map<LakeTable, Integer> expire() {
        Map<LakeTable, Set<Long>> held = Holdings.of(lake, price.wanted()).snapshots();
        Map<LakeTable, Integer> expired = new HashMap<>();
        for (LakeTable table : Holdings.TABLES) {
            Set<Long> gone = held.get(table);
            lake.snapshot(table).ifPresent(gone::remove); // what another wrote meanwhile
            Table now = lake.table(table);
            for (Map.Entry<String, SnapshotRef> ref : now.refs().entrySet()) {
                if (gone.contains(ref.getValue().snapshotId())) {
                    if (ref.getValue().isTag()) {
                        now.manageSnapshots().removeTag(ref.getKey()).commit();
                    } else {
                        now.manageSnapshots().removeBranch(ref.getKey()).commit();
                    }
                }
            }
            if (!gone.isEmpty()) {
                // Of age nothing is to expire here, which Iceberg would see to besides.
                ExpireSnapshots expiry = lake.table(table).expireSnapshots().expireOlderThan(0);
                gone.forEach(expiry::expireSnapshotId);
                expiry.commit();
                expired.put(table, gone.size());
            }
        }
        return expired;
    }
}
