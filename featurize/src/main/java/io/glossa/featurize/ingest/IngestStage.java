package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Files to the tables recordings, utterances, transcripts and rejects, wave by wave.
 *
 * <p>What the lake says of a file that was finished or refused names what the listing said then; where the listing says the same,
 * the file is not read. The others are done in waves ({@link WavesStage}); when a wave is written, nothing of it is kept but
 * the counts. Each file is read and decoded once, in a task. Rows are named by content and only those that a table lacks are
 * appended; a file's recording is written after everything else of it and so tells that the file is finished. Hence a run
 * that was killed at any moment can be repeated and goes on where that was, and a repeated run adds nothing.
 *
 * <p>If the bytes and the transcript of a file that is read again are the same, nothing but what the listing says is noted; else
 * the new version supersedes the old one ({@link SupersedeStage}), also where it is a reject or the bytes of another file. A file
 * that cannot be read stays as it was, and is looked at each time.
 *
 * <p>Where another run wrote meanwhile, a wave is looked at again when it is written, so that two runs of one source at once end
 * in the tables of one.
 */
public final class IngestStage {
    /** The stage's name in {@code rejects.stage}. */
    public static final String STAGE = "ingest";

    private static final int PASSES = 4;

    private final SparkSession spark;
    private final Lake lake;
    private final IngestConfig config;
    private final WaveConfig size;
    private final WriterStage writer;
    private final FilesStage files;

    /** Is told how far a run has come; called on the driver. */
    public interface Watch {
        /**
         * @param files that are to be worked on in all waves
         * @param done what all waves before did
         */
        void begins(int wave, int waves, long files, StageSummary done);
    }

    /** @param lineage what the commits carry */
    public IngestStage(SparkSession spark, Lake lake, IngestConfig config, WaveConfig size, Lineage lineage) {
        this.spark = spark;
        this.lake = lake;
        this.config = config;
        this.size = size;
        writer = new WriterStage(spark, lake, lineage);
        files = new FilesStage(spark, writer, lineage.run());
    }

    /**
     * Ingests what a source has.
     *
     * @throws GlossaException of type DATA, after a wave's rejects were written and before anything else of it was, if more than
     *     {@link IngestConfig#maxRejectShare()} of all files are rejects; of type RESOURCE if another run writes other
     *     versions of the files all the time
     */
    public StageSummary run(ListingStage listing, Watch watch) {
        long all = listing.count();
        TablesStage before = new TablesStage(spark, lake, writer);
        Dataset<Row> open = KnownFilesStage.withRefused(
                KnownFilesStage.unfinished(listing.files(), before),
                writer.table(LakeTable.REJECTS),
                before,
                config.digest());
        try (WavesStage waves = new WavesStage(spark, open, size)) {
            Begun begun = new Begun(before, all);
            StageSummary done = earlier(waves.refused(), all - waves.files());
            for (int i = 0; i < waves.waves(); i++) {
                watch.begins(i, waves.waves(), waves.files(), done);
                Dataset<Row> wave = waves.wave(i);
                done = done.plus(wave(wave, waves.waves() == 1 ? waves.files() : wave.count(), begun, done));
            }
            watch.begins(waves.waves(), waves.waves(), waves.files(), done);
            return done;
        }
    }

    /** What earlier runs did of the files. */
    private StageSummary earlier(Map<String, Long> rejected, long count) {
        Map<String, Long> codes = new TreeMap<>(rejected);
        Long twins = codes.remove(RejectCode.DUPLICATE.name());
        return new StageSummary(count, 0, 0, 0, 0, twins == null ? 0 : twins, 0, codes, 0, writer.counts());
    }

    /**
     * What a run began with.
     *
     * @param tables of which was asked what is known of the files
     * @param files all that were listed
     */
    private record Begun(TablesStage tables, long files) {}

    private StageSummary wave(Dataset<Row> wave, long count, Begun begun, StageSummary done) {
        Pass first = pass(wave, count, begun, done);
        Pass last = first;
        for (int i = 1; last.contested(); i++) {
            if (i == PASSES) {
                throw GlossaException.resource(
                        "Cannot finish " + count + " files: another ingest wrote other versions of them " + PASSES
                                + " times, expected one ingest of a file at a time (run again when it has ended)");
            }
            last = pass(wave, count, begun, done);
        }
        return first.summary();
    }

    /**
     * What one pass did.
     *
     * @param contested whether it wrote while another run did, so that its files are to be looked at again
     */
    private record Pass(StageSummary summary, boolean contested) {}

    private Pass pass(Dataset<Row> wave, long count, Begun begun, StageSummary done) {
        TablesStage before = new TablesStage(spark, lake, writer);
        boolean othersWrote = begun.tables().othersWrote();
        Dataset<Row> files = othersWrote
                ? KnownFilesStage.unfinished(wave.selectExpr(ListedRowStage.SCHEMA.fieldNames()), before)
                : wave;
        ForgottenStage forgotten = new ForgottenStage(writer.table(LakeTable.FORGOTTEN));
        Dataset<Row> read = forgotten.refuse(ReadFilesStage.read(spark, files, count, config));
        try (KeptStage kept = new KeptStage(spark, read, IngestRowStage.READ)) {
            ReadTotalsStage totals = ReadTotalsStage.of(kept.rows());
            if (!othersWrote && totals.files() != count) {
                throw GlossaException.internal("Cannot account for all files of a wave: found " + totals.files()
                        + " that were read, refused or unchanged, expected " + count);
            }
            return write(kept.rows(), totals, before, count, begun.files(), done);
        }
    }

    private Pass write(
            Dataset<Row> read, ReadTotalsStage totals, TablesStage before, long count, long all, StageSummary done) {
        if (!totals.rejected().isEmpty()) {
            Dataset<Row> refused = read.where(col("code").isNotNull());
            writer.rejects(STAGE, refused.withColumn("listed", KnownFilesStage.refusedAs(config.digest())), "uri");
        }
        RejectShareStage.check(done, totals.rejected(), all, config, read);
        if (totals.same() > 0) {
            note(read.where(ReadTotalsStage.SAME), before);
        }
        FilesStage.Written written = totals.versions() == 0
                ? FilesStage.Written.NOTHING
                : files.write(
                        read.where(col("cuts").isNotNull()),
                        read.where(ReadTotalsStage.VERSION).select("uri"),
                        before,
                        config.digest());
        StageSummary summary = new StageSummary(
                count,
                written.recordings(),
                written.utterances(),
                totals.partial(),
                totals.mended(),
                written.duplicates(),
                totals.changed(),
                totals.rejected(),
                totals.audioSeconds(),
                writer.counts());
        return new Pass(summary, totals.decoded() > 0 && before.othersWrote());
    }

    /** Notes what the listing says of files that are as they were, but for bytes that another file has taken meanwhile. */
    private void note(Dataset<Row> same, TablesStage before) {
        String[] noted = {"modified_ms", "listed"};
        Dataset<Row> rows = same.join(
                        before.table(LakeTable.RECORDINGS).select("id", "uri"), new String[] {"id", "uri"}, "left_semi")
                .select("id", noted);
        // Kept, as a merge cannot read a table that it writes.
        try (KeptStage kept = new KeptStage(spark, rows, rows.schema())) {
            if (!kept.rows().isEmpty()) {
                writer.update(LakeTable.RECORDINGS, kept.rows(), noted);
            }
        }
    }
}
