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
import java.util.Set;
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
 * @param same files that are unchanged, of which what the listing says is to be noted
 * @param decoded files that became recordings or duplicates
 * @param audioSeconds decoded
 */
record ReadTotalsStage(
        Map<String, Long> rejected,
        long partial,
        long mended,
        long versions,
        long changed,
        long same,
        long decoded,
        double audioSeconds) {
    /** The codes of files that were not read, or whose text was not, so that nothing is known of a new version. */
    private static final Set<RejectCode> UNREAD =
            Set.of(RejectCode.UNREADABLE, RejectCode.NAME_ENCODING, RejectCode.TEXT_UNREADABLE);

    /** Whether a version of the file was seen: what cannot be read at all does not supersede anything. */
    static final Column VERSION = col("cuts")
            .isNotNull()
            .or(not(col("code").isin(UNREAD.stream().map(RejectCode::name).toArray())));

    /** Whether the file is as it is known, perhaps but for its time. */
    static final Column SAME = col("cuts").isNull().and(col("code").isNull());

    /** All of them. */
    long files() {
        return rejected.values().stream().mapToLong(Long::longValue).sum() + same + decoded;
    }

    static boolean isUnread(RejectCode code) {
        return UNREAD.contains(code);
    }

    /** Of rows of {@link IngestRowStage#READ}. */
    static ReadTotalsStage of(Dataset<Row> read) {
        Map<String, Long> rejected = new TreeMap<>();
        long[] sums = new long[6];
        double seconds = 0;
        for (Row row : read.groupBy("code")
                .agg(
                        count_if(col("partial")),
                        count_if(not(col("partial")).and(col("warning").isNotNull())),
                        count_if(VERSION),
                        count_if(VERSION.and(col(IngestRowStage.KNOWN_ID).isNotNull())),
                        count_if(SAME),
                        count_if(col("cuts").isNotNull()),
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
        return new ReadTotalsStage(rejected, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], seconds);
    }
}
