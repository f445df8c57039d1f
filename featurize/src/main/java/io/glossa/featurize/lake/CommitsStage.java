package io.glossa.featurize.lake;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.spark.CommitMetadata;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes commits that Iceberg may refuse because another writer came first, again and again: each refusal is another writer's
 * commit, so that one of two always gets on.
 */
final class CommitsStage {
    private static final int ATTEMPTS = 20;
    private static final String WRITER = "glossa.writer";

    private final Lineage lineage;
    private final String writer = UUID.randomUUID().toString();
    private long retried;

    CommitsStage(Lineage lineage) {
        this.lineage = lineage;
    }

    Lineage lineage() {
        return lineage;
    }

    long retried() {
        return retried;
    }

    /** Whether these commits made the snapshot. */
    boolean made(Snapshot snapshot) {
        return writer.equals(snapshot.summary().get(WRITER));
    }

    /**
     * What the first attempt returns that no other writer came before.
     *
     * @throws GlossaException of type RESOURCE if others were first too often
     */
    <T> T retry(LakeTable table, Supplier<T> attempt) {
        RuntimeException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return attempt.get();
            } catch (RuntimeException e) {
                if (!othersWereFirst(e)) {
                    throw e;
                }
                last = e;
                retried++;
            }
        }
        throw GlossaException.resource("Cannot write " + Lake.nameOf(table) + ": other writers were first " + ATTEMPTS
                        + " times (" + last.getMessage() + "), expected to come first once (run again when they have"
                        + " ended)")
                .causedBy(last);
    }

    /** Runs a write whose commit then carries the lineage and more. */
    void carry(Map<String, String> more, Runnable write) {
        carry(lineage, more, write);
    }

    /**
     * Changes a table's rows in one commit. It does not carry the job's key, which names the rows that the job adds.
     *
     * @param name of the table, or of a branch of it, in SQL
     * @param matching what follows {@code USING source} in SQL; {@code t} is the table, {@code s} the source
     * @param more properties of the snapshot
     */
    void merge(LakeTable table, String name, Dataset<Row> source, String matching, Map<String, String> more) {
        String view = "source_" + UUID.randomUUID().toString().replace("-", "");
        String sql = "MERGE INTO " + name + " t USING " + view + " s " + matching;
        Lineage beside = new Lineage(
                lineage.job(),
                lineage.run(),
                lineage.jobKey() + " beside",
                lineage.inputs(),
                lineage.configDigest(),
                lineage.codeVersion(),
                lineage.modelDigest());
        source.createOrReplaceTempView(view);
        try {
            retry(table, () -> {
                carry(beside, more, () -> source.sparkSession().sql(sql));
                return null;
            });
        } finally {
            source.sparkSession().catalog().dropTempView(view);
        }
    }

    private void carry(Lineage lineage, Map<String, String> more, Runnable write) {
        Map<String, String> properties = new HashMap<>(lineage.toSummary());
        properties.put(WRITER, writer);
        properties.putAll(more);
        CommitMetadata.withCommitProperties(
                properties,
                () -> {
                    write.run();
                    return null;
                },
                RuntimeException.class);
    }

    private static boolean othersWereFirst(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ValidationException || cause instanceof CommitFailedException) {
                return true;
            }
        }
        return false;
    }
}
