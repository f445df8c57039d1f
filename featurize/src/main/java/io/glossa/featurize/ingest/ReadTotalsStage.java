package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import io.glossa.featurize.RejectCode;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was read of the files that an ingest looked at, in numbers.
 *
 * @param rejected files by code
 * @param partial damaged files of which a part was kept
 * @param mended files that are whole and were not taken as they are
 * @param versions files of which a version was seen, be it one that is refused
 * @param changed versions of files of which the lake has another one
 * @param undated files that are unchanged, and whose time of change is to be noted
 * @param audioSeconds decoded
 */
record ReadTotalsStage(
        Map<String, Long> rejected,
        long partial,
        long mended,
        long versions,
        long changed,
        long undated,
        double audioSeconds) {
    /** The codes of files that were not read, or whose text was not, so that nothing is known of a new version. */
    private static final Object[] UNREAD = {
        RejectCode.UNREADABLE.name(), RejectCode.NAME_ENCODING.name(), RejectCode.TEXT_UNREADABLE.name()
    };

    /** Whether a version of the file was seen: what cannot be read at all does not supersede anything. */
    static final Column VERSION = col("cuts").isNotNull().or(not(col("code").isin(UNREAD)));

    /** Of rows of {@link IngestRowStage#READ}. */
    static ReadTotalsStage of(Dataset<Row> read) {
        Map<String, Long> rejected = new TreeMap<>();
        long[] sums = new long[5];
        double seconds = 0;
        for (Row row : read.groupBy("code")
                .agg(
                        count_if(col("partial")),
                        count_if(not(col("partial")).and(col("warning").isNotNull())),
                        count_if(VERSION),
                        count_if(VERSION.and(col(IngestRowStage.KNOWN_ID).isNotNull())),
                        count_if(col("cuts").isNull().and(col("code").isNull())),
                        coalesce(sum("duration_s"), lit(0.0)),
                        count(lit(1)))
                .collectAsList()) {
            if (!row.isNullAt(0)) {
                rejected.put(row.getString(0), row.getLong(sums.length + 2));
            }
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row.getLong(i + 1);
            }
            seconds += row.getDouble(sums.length + 1);
        }
        return new ReadTotalsStage(rejected, sums[0], sums[1], sums[2], sums[3], sums[4], seconds);
    }
}
