package io.glossa.featurize.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Adds rows to the lake's tables and takes rows away, for one run of one job; every commit carries its lineage.
 *
 * <p>What is added is what a snapshot lacks, by the table's key, and it is committed only if nothing was added to the table
 * since that snapshot; else it is compared again. So no row is there twice, whoever else writes. Rows that older writers left
 * twice are taken away first.
 */
public final class WriterStage {
    private final SparkSession spark;
    private final Lake lake;
    private final CommitsStage commits;
    private long repaired;

    /** @param lineage what the commits carry */
    public WriterStage(SparkSession spark, Lake lake, Lineage lineage) {
        this.spark = spark;
        this.lake = lake;
        commits = new CommitsStage(lineage);
    }

    /** The table as it is now; it is created if it is absent. */
    public Dataset<Row> table(LakeTable table) {
        lake.table(table);
        return spark.table(Lake.nameOf(table));
    }

    /** The table as it was at a snapshot; columns that it did not have then are null. */
    public Dataset<Row> table(LakeTable table, long snapshot) {
        Dataset<Row> rows =
                spark.read().option("versionAsOf", Long.toString(snapshot)).table(Lake.nameOf(table));
        List<String> present = List.of(rows.columns());
        for (StructField column : schema(table).fields()) {
            if (!present.contains(column.name())) {
                rows = rows.withColumn(column.name(), lit(null).cast(column.dataType()));
            }
        }
        return rows;
    }

    /**
     * Appends the rows whose key the table lacks. Nothing is committed when there are none.
     *
     * @param rows with the columns of the table, no two of equal key
     * @return how many were appended
     */
    public long append(LakeTable table, Dataset<Row> rows) {
        return append(table, rows, table.key());
    }

    /** As {@link #append(LakeTable, Dataset)}, with other columns, in which the table must have no row equal. */
    public long append(LakeTable table, Dataset<Row> rows, List<String> unlike) {
        return commits.retry(table, () -> {
            OptionalLong base = distinctSnapshot(table);
            JavaRDD<Row> fresh = typed(table, without(table, base, rows, unlike));
            long count = fresh.count();
            if (count > 0) {
                write(table, base, fresh);
            }
            return count;
        });
    }

    /**
     * Appends the rows whose key the table lacks in one commit, which is made even if there are none.
     *
     * @param rows asked for at every attempt, after the snapshot was chosen that decides what the table lacks
     * @return how many were appended
     */
    public long commit(LakeTable table, Supplier<Dataset<Row>> rows) {
        return commits.retry(table, () -> {
            OptionalLong base = distinctSnapshot(table);
            write(table, base, typed(table, without(table, base, rows.get(), table.key())));
            return lastAdded(table);
        });
    }

    /**
     * Takes away the rows that are equal to these in all of their columns, null being equal to null. Nothing is committed when
     * there are none.
     *
     * @param rows with some columns of the table
     */
    public void remove(LakeTable table, Dataset<Row> rows) {
        // Kept, since Spark does not plan a merge whose source reads a table through a view.
        try (KeptStage kept = new KeptStage(spark, rows.distinct(), rows.schema())) {
            if (!kept.rows().isEmpty()) {
                commits.merge(
                        table,
                        Lake.nameOf(table),
                        kept.rows(),
                        onEqual(List.of(rows.columns())) + "DELETE",
                        DistinctStage.AS_BEFORE);
            }
        }
    }

    /**
     * An earlier snapshot without the rows that are equal to these in all of their columns, as the head of a branch of its own; made
     * once. Files that hold none of them are shared.
     *
     * @param branch its name
     * @param rows with some columns of the table, at least one, of which the snapshot has some
     * @return the snapshot's id
     */
    public long without(LakeTable table, long snapshot, String branch, Dataset<Row> rows) {
        Table now = lake.table(table);
        if (!now.refs().containsKey(branch)) {
            now.manageSnapshots().createBranch(branch, snapshot).commit();
        }
        if (lake.table(table).refs().get(branch).snapshotId() == snapshot) {
            commits.merge(
                    table,
                    Lake.nameOf(table) + ".`branch_" + branch + "`",
                    rows,
                    onEqual(List.of(rows.columns())) + "DELETE",
                    DistinctStage.AS_BEFORE);
        }
        return lake.table(table).refs().get(branch).snapshotId();
    }

    /**
     * Takes away of these rows, which were made of utterances, those whose utterance another run superseded meanwhile.
     *
     * @param rows with {@code utterance_id}, {@code lang} and {@code split}, and what else tells them apart
     * @param utterances the table of what they were made of, and the column of the utterance's id there
     * @param read the snapshot of that table that they were made of; while it is the current one, nothing is taken away
     * @return the rows taken away
     */
    public Dataset<Row> withdraw(LakeTable table, Dataset<Row> rows, LakeTable utterances, String id, long read) {
        if (lake.snapshot(utterances).orElseThrow() == read) {
            return rows.limit(0);
        }
        Dataset<Row> gone = gone(rows, table(utterances), id);
        remove(table, gone);
        return gone;
    }

    /** The rows whose utterance, of the same language and split, is not among these. */
    public static Dataset<Row> gone(Dataset<Row> rows, Dataset<Row> utterances, String id) {
        return rows.join(
                utterances.select(col(id).as("utterance_id"), col("lang"), col("split")),
                new String[] {"utterance_id", "lang", "split"},
                "left_anti");
    }

    /** Gives the rows of these keys other values in some columns; the rows, at least one, hold the key and the columns. */
    public void update(LakeTable table, Dataset<Row> rows, String... columns) {
        String set = Stream.of(columns)
                .map(column -> "t." + column + " = s." + column)
                .collect(Collectors.joining(", "));
        commits.merge(
                table, Lake.nameOf(table), rows, onEqual(table.key()) + "UPDATE SET " + set, DistinctStage.AS_BEFORE);
    }

    /**
     * Notes what a stage refused: rows with {@code reject_id}, {@code code}, {@code detail} and a column that names the input.
     * Of what was refused for the same reason before, in another version, the columns {@code listed} and {@code recording_id}
     * are brought up to date where the rows have them.
     */
    public void rejects(String stage, Dataset<Row> refused, String source) {
        Dataset<Row> rows = refused.select(
                col("reject_id").as("id"),
                lit(stage).as("stage"),
                col(source).as("source"),
                col("code"),
                col("detail"),
                lit(commits.lineage().run()).as("run"),
                orNull(refused, "listed"),
                orNull(refused, "recording_id"));
        long added = append(LakeTable.REJECTS, rows);
        if (List.of(refused.columns()).contains("listed") && added < rows.count()) {
            noteAgain(rows);
        }
    }

    private void noteAgain(Dataset<Row> rows) {
        String[] noted = {"listed", "recording_id"};
        Dataset<Row> present = table(LakeTable.REJECTS)
                .select(
                        col("id"),
                        col("listed").as("had_listed"),
                        col("recording_id").as("had_recording"));
        Dataset<Row> changed = rows.join(present, new String[] {"id"})
                .where(not(col("listed")
                        .eqNullSafe(col("had_listed"))
                        .and(col("recording_id").eqNullSafe(col("had_recording")))))
                .select("id", noted);
        try (KeptStage kept = new KeptStage(spark, changed, changed.schema())) {
            if (!kept.rows().isEmpty()) {
                update(LakeTable.REJECTS, kept.rows(), noted);
            }
        }
    }

    private static Column orNull(Dataset<Row> rows, String column) {
        return (List.of(rows.columns()).contains(column)
                        ? col(column)
                        : lit(null).cast("string"))
                .as(column);
    }

    /** How many were refused, by code. */
    public static Map<String, Long> byCode(Dataset<Row> refused) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Row row : refused.groupBy("code").count().orderBy("code").collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    /** What was met so far. */
    public WriteCounts counts() {
        return new WriteCounts(repaired, commits.retried());
    }

    /** Whether another writer committed to a table since a snapshot, or, if there is none, ever. */
    public boolean othersWrote(LakeTable table, OptionalLong since) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(lake.table(table))) {
            if (since.isPresent() && snapshot.snapshotId() == since.getAsLong()) {
                return false;
            }
            if (!commits.made(snapshot)) {
                return true;
            }
        }
        return false;
    }

    /** The current snapshot, after rows of equal key were taken away but for one; empty while nothing was written. */
    private OptionalLong distinctSnapshot(LakeTable table) {
        Table now = lake.table(table);
        Snapshot current = now.currentSnapshot();
        if (current == null) {
            return OptionalLong.empty();
        }
        if (DistinctStage.isKnown(now)) {
            return OptionalLong.of(current.snapshotId());
        }
        Dataset<Row> doubled = DoubledStage.of(table, table(table, current.snapshotId()));
        try (KeptStage kept = new KeptStage(spark, doubled, doubled.schema())) {
            long tooMany = DoubledStage.tooMany(kept.rows());
            if (tooMany == 0) {
                return OptionalLong.of(current.snapshotId());
            }
            commits.merge(table, Lake.nameOf(table), kept.rows(), DoubledStage.merge(table), Map.of());
            repaired += tooMany;
        }
        return distinctSnapshot(table);
    }

    private static String onEqual(List<String> columns) {
        return columns.stream()
                .map(column -> "t." + column + " <=> s." + column)
                .collect(Collectors.joining(" AND ", "ON ", " WHEN MATCHED THEN "));
    }

    private Dataset<Row> without(LakeTable table, OptionalLong base, Dataset<Row> rows, List<String> unlike) {
        if (base.isEmpty()) {
            return rows;
        }
        Dataset<Row> present = table(table, base.getAsLong())
                .select(unlike.stream()
                        .map(name -> col(name).as("present_" + name))
                        .toArray(Column[]::new))
                .distinct();
        return rows.join(
                present,
                unlike.stream()
                        .map(name -> col(name).eqNullSafe(col("present_" + name)))
                        .reduce(lit(true), Column::and),
                "left_anti");
    }

    /**
     * The rows with the table's schema, one plan for all that is done with them; an optional column that they lack is null. Spark takes every joined column to be
     * nullable, and gives up where its rules find that out late.
     */
    private static JavaRDD<Row> typed(LakeTable table, Dataset<Row> rows) {
        List<String> given = List.of(rows.columns());
        Column[] columns = Stream.of(schema(table).fields())
                .map(field -> field.nullable() && !given.contains(field.name())
                        ? lit(null).cast(field.dataType()).as(field.name())
                        : col(field.name()).cast(field.dataType()))
                .toArray(Column[]::new);
        return rows.select(columns).javaRDD();
    }

    private static StructType schema(LakeTable table) {
        return SparkSchemaUtil.convert(table.icebergSchema());
    }

    /** Rows that this writer's last commit added. */
    private long lastAdded(LakeTable table) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(lake.table(table))) {
            if (commits.made(snapshot)) {
                return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
            }
        }
        throw GlossaException.internal("Cannot count the rows added to " + Lake.nameOf(table)
                + ": found no commit of this job, expected the one just made");
    }

    private void write(LakeTable table, OptionalLong base, JavaRDD<Row> rows) {
        // Overwrites nothing: unlike an append, an overwrite is validated.
        Dataset<Row> typed = spark.createDataFrame(rows, schema(table));
        // Rows are brought into their order before a file, so that each file holds a range of it.
        Map<String, String> options = new HashMap<>();
        options.put("isolation-level", "serializable");
        base.ifPresent(snapshot -> options.put("validate-from-snapshot-id", Long.toString(snapshot)));
        options.put("distribution-mode", table.sortOrder().isSorted() ? "range" : "none");
        DataFrameWriterV2<Row> writer = typed.writeTo(Lake.nameOf(table)).options(options);
        commits.carry(DistinctStage.of(table), () -> {
            try {
                writer.overwrite(lit(false));
            } catch (NoSuchTableException e) {
                throw GlossaException.resource("Cannot write " + Lake.nameOf(table) + ": it was dropped meanwhile")
                        .causedBy(e);
            }
        });
    }
}
