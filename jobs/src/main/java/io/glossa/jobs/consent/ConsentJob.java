package io.glossa.jobs.consent;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/** A file of terms into the table {@code consent}. */
public final class ConsentJob {
    static final String NAME = "consent";

    /** The terms of a subject, of which a later file has the last word; of a source, the licence never changes. */
    private static final String[] TERMS =
            ConsentRow.COLUMNS.subList(3, ConsentRow.COLUMNS.size()).toArray(String[]::new);

    private static final int SHA_BITS = 256;

    private ConsentJob() {}

    /**
     * Brings the table up to date: a subject that it has gets the file's terms, another is added, what the file does not name stays.
     * Twice the same does nothing.
     *
     * @param location of a CSV or Parquet file
     */
    public static Summary run(String location, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        ConsentFile file = new ConsentFile(spark, location);
        String key =
                ConfigDigest.of(Map.of("job", NAME, "file", file.version(), "code-version", CodeVersion.current()));
        Lineage lineage = new Lineage(
                NAME,
                NAME + "-" + key,
                key,
                Map.of(),
                ConfigDigest.of(Map.of("file", location)),
                CodeVersion.current(),
                null);
        WriterStage writer = new WriterStage(spark, lake, lineage);
        try (KeptStage kept = new KeptStage(spark, once(file.rows()), ConsentRow.SCHEMA)) {
            Dataset<Row> refused = kept.rows().where(col("code").isNotNull());
            Map<String, Long> rejected = new TreeMap<>(WriterStage.byCode(refused));
            if (!rejected.isEmpty()) {
                writer.rejects(NAME, rejects(refused, location), "row");
            }
            Dataset<Row> good = kept.rows().where(col("code").isNull());
            Changes changes = changed(spark, writer, good);
            long added = writer.append(LakeTable.CONSENT, good.drop("number", "code", "detail"));
            return summary(kept.rows().count(), good.count(), added, changes, rejected, writer, start);
        }
    }

    /** Of rows of one subject the last one; the others are refused. */
    private static Dataset<Row> once(Dataset<Row> rows) {
        Column later =
                row_number().over(Window.partitionBy("id").orderBy(col("number").desc()));
        Column isDoubled = col("code").isNull().and(col("later").gt(1));
        return rows.withColumn("later", later)
                .withColumn(
                        "detail",
                        when(isDoubled, lit("a later row is of the same subject"))
                                .otherwise(col("detail")))
                .withColumn("code", when(isDoubled, lit("doubled")).otherwise(col("code")))
                .drop("later");
    }

    private static Dataset<Row> rejects(Dataset<Row> refused, String location) {
        Column row = concat_ws(":", lit(location), col("number"));
        return refused.select(
                sha2(concat_ws("|", lit(NAME), row, col("code")), SHA_BITS).as("reject_id"),
                row.as("row"),
                col("code"),
                col("detail"));
    }

    /**
     * What a file changes of the terms that are there.
     *
     * @param restored subjects whose revocation it takes back
     */
    private record Changes(long all, long restored) {}

    private static Changes changed(SparkSession spark, WriterStage writer, Dataset<Row> good) {
        Dataset<Row> present = writer.table(LakeTable.CONSENT).as("p");
        Column differs = List.of(TERMS).stream()
                .map(column -> not(col("p." + column).eqNullSafe(col("f." + column))))
                .reduce(lit(false), Column::or);
        Column taken = col("p.revoked").isNotNull().and(col("f.revoked").isNull());
        Dataset<Row> rows = good.as("f")
                .join(present, col("f.id").equalTo(col("p.id")))
                .where(differs)
                .select(col("f.*"), taken.as("restored"));
        try (KeptStage kept = new KeptStage(spark, rows, rows.schema())) {
            long all = kept.rows().count();
            if (all > 0) {
                writer.update(LakeTable.CONSENT, kept.rows(), TERMS);
            }
            return new Changes(all, kept.rows().where("restored").count());
        }
    }

    private static Summary summary(
            long rows,
            long good,
            long added,
            Changes changes,
            Map<String, Long> rejected,
            WriterStage writer,
            long start) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("as before", count(good - added - changes.all()) + " subjects");
        notes.putAll(WriteNotes.of(writer.counts()));
        return new Summary(
                NAME,
                Summary.secondsSince(start),
                0,
                count(rows) + " rows",
                count(added) + " subjects added, " + count(changes.all()) + " with other terms",
                rejected,
                changes.restored() == 0 ? Map.of() : Map.of("revocation taken back", changes.restored()),
                notes);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
