package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.objective.Most;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes the places of forgotten utterances in a run's plan empty: their texts go out of its folder, and what the folder counts stays,
 * so that the order of all others does. What the run has of them can still be told, by their ids.
 */
public final class ForgottenPlaces {
    private static final String ID = "utterance_id";
    private static final String NEXT = "labels-next";

    private final SparkSession spark;
    private final Folder run;
    private final TrainData data;
    private final Buckets buckets;
    private final ForgottenNote note;
    private final Dataset<Row> ids;

    private ForgottenPlaces(SparkSession spark, Folder run, TrainData data, Buckets buckets, ForgottenNote note) {
        this.spark = spark;
        this.run = run;
        this.data = data;
        this.buckets = buckets;
        this.note = note;
        ids = spark.createDataset(List.copyOf(note.utterances()), Encoders.STRING())
                .toDF(ID);
    }

    /**
     * Empties them, while nobody trains there; done again it changes nothing more.
     *
     * @param meta of a checkpoint of the run
     * @param next what is forgotten, with the snapshots that have the same rows without it, which are all there still
     */
    public static void empty(SparkSession spark, Lake lake, Folder run, CheckpointMeta meta, ForgottenNote next) {
        ForgottenNote before = ForgottenNote.in(run).orElse(new ForgottenNote("", "", Set.of(), Set.of(), Map.of()));
        TrainData data = TrainedData.of(lake, run, meta);
        ForgottenNote both = before.and(next);
        Buckets buckets = TrainedData.training(meta).bucketTable();
        try (DriverLease lease = DriverLease.take(run)) {
            lease.guard(() -> {
                new ForgottenPlaces(spark, run, data, buckets, both).empty();
                both.write(run);
            });
        }
    }

    /** Whether a folder that has these names in it has the plan of a training. */
    public static boolean hasPlan(List<String> names) {
        return names.contains(CensusFile.NAME) || names.contains(MostCensus.STREAMS);
    }

    /** Takes away the plan of a training that has no checkpoint, and with it its texts; who begins again makes another. */
    public static void clear(Folder run) {
        try (DriverLease lease = DriverLease.take(run)) {
            lease.guard(() -> {
                try {
                    run.delete(TrainedOn.FILE);
                    run.delete(CensusFile.NAME);
                    run.delete(ForgottenNote.FILE);
                    CensusTaking.labels(run).remove();
                    run.resolve(MostCensus.STREAMS).remove();
                } catch (IOException e) {
                    throw GlossaException.resource("Cannot take the plan out of " + run + ": " + e
                                    + ", expected a writable folder (do it again)")
                            .causedBy(e);
                }
            });
        }
    }

    private void empty() {
        if (!data.kind().equals(Most.KIND)) {
            empty(run, data);
            return;
        }
        empty(MostCensus.of(run, Most.PAIRED), data.ofPaired());
        if (!data.untranscribed().isEmpty()) {
            empty(MostCensus.of(run, Most.UNTRANSCRIBED), data.ofUntranscribed());
        }
        if (data.sentences() != 0) {
            CensusFile.rename(MostCensus.of(run, Most.TEXT), this::renamed);
        }
    }

    private void empty(Folder folder, TrainData own) {
        if (own.labelled()) {
            blank(folder);
        } else {
            name(folder, own);
        }
        CensusFile.rename(folder, this::renamed);
    }

    /** What the census of a stream is of, now. */
    private Map<String, String> renamed(Map<String, String> of) {
        Map<String, String> renamed = new TreeMap<>(of);
        renamed.replaceAll((name, value) ->
                name.startsWith(CensusFile.SNAPSHOT) ? Long.toString(note.instead(Long.parseLong(value))) : value);
        renamed.put("emptied", digest(note));
        return renamed;
    }

    /** Names the places that are empty. */
    static String digest(ForgottenNote note) {
        return Sha256.of(String.join("\n", note.utterances()));
    }

    /** Takes their texts out of a folder. */
    private void blank(Folder folder) {
        try {
            Folder labels = CensusTaking.labels(folder);
            Folder next = folder.resolve(NEXT);
            boolean torn = labels.names().isEmpty() && !next.names().isEmpty();
            if (!torn) {
                Dataset<Row> rows = spark.read()
                        .parquet(labels.uri())
                        .join(broadcast(ids.withColumn("gone", lit(true))), new String[] {ID}, "left")
                        .withColumn("text", when(col("gone"), lit("")).otherwise(col("text")));
                CensusTaking.write(rows, next);
                labels.remove();
            }
            folder.rename(NEXT, labels.name());
        } catch (IOException e) {
            throw GlossaException.resource("Cannot take texts out of " + folder + ": " + e
                            + ", expected a writable folder (do it again)")
                    .causedBy(e);
        }
    }

    /** Writes down where those are that a rank will find no more. */
    private void name(Folder folder, TrainData own) {
        Dataset<Row> found = CensusTaking.counted(spark, own, buckets, folder)
                .join(broadcast(ids), new String[] {ID}, "left_semi")
                .select("bucket", "order_hash", ID, "copy", "n_frames", "text");
        List<Row> rows = new ArrayList<>(found.collectAsList());
        if (!own.terms().emptied().isEmpty()) {
            rows.addAll(spark.read()
                    .parquet(CensusTaking.emptied(folder).uri())
                    .select("bucket", "order_hash", ID, "copy", "n_frames", "text")
                    .collectAsList());
        }
        CensusTaking.write(
                spark.createDataFrame(rows, found.schema()).dropDuplicates(ID), CensusTaking.emptied(folder));
    }
}
