package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.StageSummary;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Holds a run to the share of rejects that it may have. */
final class RejectShareStage {
    private static final int EXAMPLES = 3;

    private RejectShareStage() {}

    /**
     * Looks at a wave together with what was done before it.
     *
     * @param files of the whole run: bad ones lie together, and a wave of them says nothing of the rest
     * @param read the wave's rows of {@link IngestRowStage#READ}
     * @throws GlossaException of type DATA if there are too many
     */
    static void check(
            StageSummary done, Map<String, Long> rejected, long files, IngestConfig config, Dataset<Row> read) {
        Map<String, Long> all = new TreeMap<>(done.rejected());
        rejected.forEach((code, count) -> all.merge(code, count, Long::sum));
        all.remove(RejectCode.FORGOTTEN.name()); // nothing is wrong with such a file
        long rejects = all.values().stream().mapToLong(Long::longValue).sum();
        if (rejects > config.maxRejectShare() * files) {
            throw GlossaException.data(String.format(
                    Locale.ROOT,
                    "Cannot ingest %d files: found %d rejects %s such as %s, expected at most %.1f %% (the table rejects"
                            + " names all; a higher max-reject-share goes on without them%s)",
                    files,
                    rejects,
                    all,
                    examples(read),
                    100 * config.maxRejectShare(),
                    all.containsKey(RejectCode.TEXT_ENCODING.name())
                            ? "; --encoding NAME says in which encoding the texts are"
                            : ""));
        }
    }

    /** A few of the files that were rejected, by name. */
    private static String examples(Dataset<Row> read) {
        return read.where(col("code").isNotNull()).select("uri").limit(EXAMPLES).collectAsList().stream()
                .map(row -> row.getString(0))
                .collect(Collectors.joining(", "));
    }
}
