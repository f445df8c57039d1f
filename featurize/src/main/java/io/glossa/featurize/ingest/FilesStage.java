package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;

import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.LakeTable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Writes the recordings that were read into the tables, and takes out what they supersede. */
final class FilesStage {
    private final SparkSession spark;
    private final WriterStage writer;
    private final String run;

    /** @param run the run's name, which recordings hold */
    FilesStage(SparkSession spark, WriterStage writer, String run) {
        this.spark = spark;
        this.writer = writer;
        this.run = run;
    }

    /**
     * What became of files that were read.
     *
     * @param duplicates files whose bytes are those of another, also one that another run made a recording of meanwhile
     */
    record Written(long recordings, long utterances, long duplicates) {
        static final Written NOTHING = new Written(0, 0, 0);
    }

    /**
     * Writes them.
     *
     * @param audio rows of {@link IngestRowStage#READ} with cuts
     * @param uris of all files of which a version was seen
     * @param settings {@link IngestConfig#digest()}
     */
    Written write(Dataset<Row> audio, Dataset<Row> uris, TablesStage before, String settings) {
        Dataset<Row> duplicates = TwinsStage.of(audio, uris, before);
        try (KeptStage kept = new KeptStage(spark, duplicates, duplicates.schema())) {
            long twins = kept.rows().count();
            Written written = writeSingle(withoutTwins(audio, kept.rows(), twins, settings), uris, before, settings);
            return new Written(written.recordings(), written.utterances(), written.duplicates() + twins);
        }
    }

    /** The files but for those that are refused as twins, which are written down. */
    private Dataset<Row> withoutTwins(Dataset<Row> files, Dataset<Row> twins, long count, String settings) {
        if (count == 0) {
            return files;
        }
        writer.rejects(IngestStage.STAGE, twins.withColumn("listed", KnownFilesStage.refusedAs(settings)), "uri");
        return files.join(twins.select("uri"), new String[] {"uri"}, "left_anti");
    }

    private Written writeSingle(Dataset<Row> single, Dataset<Row> uris, TablesStage before, String settings) {
        ForgottenStage forgotten = new ForgottenStage(writer.table(LakeTable.FORGOTTEN));
        Dataset<Row> cuts = forgotten.without(IngestTablesStage.utterances(single), "id");
        Dataset<Row> texts = forgotten.without(IngestTablesStage.transcripts(single), "utterance_id");
        try (SupersedeStage supersede = new SupersedeStage(spark, writer, before, uris, cuts, texts)) {
            supersede.takeAway();
            // All utterances of a recording are in one commit, so that a recording is there as a whole or not at all.
            long utterances = writer.append(LakeTable.UTTERANCES, cuts, List.of("recording_id"));
            try (KeptStage lost = before.othersWrote() ? lost(single) : null) {
                long duplicates = lost == null ? 0 : lost.rows().count();
                Dataset<Row> owned = duplicates == 0 ? single : withoutTwins(single, lost.rows(), duplicates, settings);
                writer.append(
                        LakeTable.TRANSCRIPTS, forgotten.without(IngestTablesStage.transcripts(owned), "utterance_id"));
                if (before.othersWrote()) {
                    supersede.takeAwayLate();
                }
                long recordings = writer.append(LakeTable.RECORDINGS, IngestTablesStage.recordings(owned, run));
                return new Written(recordings, utterances, duplicates);
            }
        }
    }

    /** Files whose bytes another run made a recording of meanwhile. */
    private KeptStage lost(Dataset<Row> single) {
        Dataset<Row> lost = TwinsStage.refused(single.join(owners(), new String[] {"id", "uri"}, "left_anti"));
        return new KeptStage(spark, lost, lost.schema());
    }

    /** Which file each recording in the table utterances was made of. */
    private Dataset<Row> owners() {
        return writer.table(LakeTable.UTTERANCES)
                .select(col("recording_id").as("id"), col("recording_uri").as("uri"))
                .distinct();
    }
}
