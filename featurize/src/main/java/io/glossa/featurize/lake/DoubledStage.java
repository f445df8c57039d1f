package io.glossa.featurize.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.glossa.storage.LakeTable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Rows of a table that are equal in the table's key, and how one of them takes the place of all. */
final class DoubledStage {
    private static final String SINGLE = "single";
    private static final String COPIES = "copies";

    private DoubledStage() {}

    /**
     * For every key that several rows have, one of them, twice: {@code single} is true in the one that stays, {@code copies}
     * is how many there are.
     */
    static Dataset<Row> of(LakeTable table, Dataset<Row> rows) {
        Column[] key = table.key().stream().map(name -> col(name)).toArray(Column[]::new);
        Dataset<Row> doubled = rows.groupBy(key)
                .agg(count(lit(1)).as(COPIES))
                .where(col(COPIES).gt(1))
                .as("d");
        Dataset<Row> first = rows.as("r")
                .join(doubled, on("r", "d", table.key()))
                .select("r.*", "d." + COPIES)
                .withColumn("place", row_number().over(Window.partitionBy(key).orderBy(key)))
                .where(col("place").equalTo(1))
                .drop("place");
        return first.withColumn(SINGLE, lit(true)).union(first.withColumn(SINGLE, lit(false)));
    }

    /** How many rows are too many in the table, of rows as {@link #of} gives them. */
    static long tooMany(Dataset<Row> doubled) {
        Row sums = doubled.where(col(SINGLE))
                .selectExpr("coalesce(sum(" + COPIES + " - 1), 0L)")
                .first();
        return sums.getLong(0);
    }

    /** SQL that deletes all copies and inserts the one that stays. */
    static String merge(LakeTable table) {
        String equal = table.key().stream()
                .map(column -> "t." + column + " <=> s." + column)
                .collect(Collectors.joining(" AND "));
        return "ON " + equal + " AND NOT s." + SINGLE + " WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT *";
    }

    private static Column on(String left, String right, List<String> columns) {
        return columns.stream()
                .map(column -> col(left + "." + column).eqNullSafe(col(right + "." + column)))
                .reduce(lit(true), Column::and);
    }
}
