package io.glossa.featurize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/** Appends to a table of the lake the rows it does not have, in one commit that carries the lineage. */
final class AppendStage {
    private final SparkSession spark;
    private final Lake lake;
    private final Lineage lineage;

    AppendStage(SparkSession spark, Lake lake, Lineage lineage) {
        this.spark = spark;
        this.lake = lake;
        this.lineage = lineage;
    }

    /** The table as it is now; it is created if it is absent. */
    Dataset<Row> table(LakeTable table) {
        lake.table(table);
        return spark.table(name(table));
    }

    /** The table as it was at a snapshot. */
    Dataset<Row> table(LakeTable table, long snapshot) {
        return spark.read().option("versionAsOf", Long.toString(snapshot)).table(name(table));
    }

    /**
     * Appends the rows whose key the table lacks. Nothing is committed when there are none.
     *
     * @param rows with the columns of the table, no two of equal key
     * @return how many were appended
     */
    long append(LakeTable table, Dataset<Row> rows, String... key) {
        Dataset<Row> fresh = lake.snapshot(table).isEmpty() ? rows : without(rows, table(table), key);
        long count = fresh.count();
        if (count > 0) {
            write(table, fresh);
        }
        return count;
    }

    /**
     * Appends what a stage refused: rows with {@code reject_id}, {@code code}, {@code detail} and a column that names the
     * input.
     */
    void rejects(String stage, Dataset<Row> refused, String source) {
        append(
                LakeTable.REJECTS,
                refused.select(
                        col("reject_id").as("id"),
                        lit(stage).as("stage"),
                        col(source).as("source"),
                        col("code"),
                        col("detail"),
                        lit(lineage.run()).as("run")),
                "id");
    }

    /** How many were refused, by code. */
    static Map<String, Long> byCode(Dataset<Row> refused) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Row row : refused.groupBy("code").count().orderBy("code").collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    private static Dataset<Row> without(Dataset<Row> rows, Dataset<Row> present, String[] key) {
        Column[] columns = Arrays.stream(key).map(name -> col(name)).toArray(Column[]::new);
        return rows.join(present.select(columns), key, "left_anti");
    }

    private void write(LakeTable table, Dataset<Row> rows) {
        // Spark takes every joined column to be nullable. Partitions are brought together, rows sorted, before a file.
        DataFrameWriterV2<Row> writer = rows.writeTo(name(table))
                .option("check-nullability", "false")
                .option("distribution-mode", table.partitionSpec().isPartitioned() ? "hash" : "none");
        for (Map.Entry<String, String> entry : lineage.toSummary().entrySet()) {
            writer = writer.option("snapshot-property." + entry.getKey(), entry.getValue());
        }
        try {
            writer.append();
        } catch (NoSuchTableException e) {
            throw GlossaException.resource("Cannot append to " + name(table) + ": it was dropped meanwhile")
                    .causedBy(e);
        }
    }

    private static String name(LakeTable table) {
        return Lake.CATALOG + "." + Lake.NAMESPACE + "." + table.tableName();
    }
}
