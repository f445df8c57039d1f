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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Files to the tables recordings, utterances, transcripts and rejects.
 *
 * <p>Each file is read and decoded once, in a task. Rows are named by content and only those that a table lacks are
 * appended; a file's recording is written after everything else of it and so tells that the file is finished. Hence a run
 * that was killed at any moment can be repeated, and a repeated run adds nothing.
 *
 * <p>A finished file is read again if its length or its time of change is another, or if the listing says something else of it
 * than the lake does. If its bytes are the same and the listing agrees, nothing but the time is noted; else the new version
 * supersedes the old one ({@link SupersedeStage}), also where it is a reject or the bytes of another file. A file that cannot be
 * read stays as it was. Rejected files are read each time.
 *
 * <p>Where another run wrote meanwhile, the files are looked at again when they are written, so that two runs of one folder at
 * once end in the tables of one.
 */
public final class IngestStage {
    /** The stage's name in {@code rejects.stage}. */
    public static final String STAGE = "ingest";

    private static final int PASSES = 4;
    private static final int EXAMPLES = 3;

    private final SparkSession spark;
    private final Lake lake;
    private final IngestConfig config;
    private final Lineage lineage;
    private final WriterStage writer;

    /** @param lineage what the commits carry */
    public IngestStage(SparkSession spark, Lake lake, IngestConfig config, Lineage lineage) {
        this.spark = spark;
        this.lake = lake;
        this.config = config;
        this.lineage = lineage;
        writer = new WriterStage(spark, lake, lineage);
    }

    /**
     * Ingests the files; of two with the same URI the first counts.
     *
     * @throws GlossaException of type DATA, after the rejects were written and before anything else was, if more than
     *     {@link IngestConfig#maxRejectShare()} of the files are rejects; of type RESOURCE if another run writes other
     *     versions of the files all the time
     */
    public StageSummary run(List<SourceFile> files) {
        Map<String, SourceFile> byUri = new LinkedHashMap<>();
        files.forEach(file -> byUri.putIfAbsent(file.uri(), file));
        List<SourceFile> once = List.copyOf(byUri.values());
        Pass first = pass(once, once.size());
        Set<String> contested = first.contested();
        for (int i = 1; !contested.isEmpty(); i++) {
            if (i == PASSES) {
                throw GlossaException.resource("Cannot finish " + contested.size()
                        + " files: another ingest wrote other"
                        + " versions of them " + PASSES + " times, expected one ingest of a file at a time (run again"
                        + " when it has ended)");
            }
            Set<String> uris = contested;
            contested = pass(
                            once.stream()
                                    .filter(file -> uris.contains(file.uri()))
                                    .toList(),
                            once.size())
                    .contested();
        }
        return first.summary().with(writer.counts());
    }

    /**
     * What one pass did.
     *
     * @param contested the files that it wrote while another run did, so that they are to be looked at again
     */
    private record Pass(StageSummary summary, Set<String> contested) {}

    private Pass pass(List<SourceFile> files, long all) {
        TablesStage before = new TablesStage(spark, lake, writer);
        try (KeptStage kept =
                new KeptStage(spark, ReadFilesStage.read(spark, files, before, config), IngestRowStage.READ)) {
            return write(kept.rows(), before, files.size(), all);
        }
    }

    private Pass write(Dataset<Row> read, TablesStage before, long files, long all) {
        ReadTotalsStage totals = ReadTotalsStage.of(read);
        if (!totals.rejected().isEmpty()) {
            writer.rejects(STAGE, read.where(col("code").isNotNull()), "uri");
        }
        checkShare(totals.rejected(), all, read);
        if (totals.undated() > 0) {
            Dataset<Row> undated =
                    read.where(col("cuts").isNull().and(col("code").isNull()));
            writer.update(LakeTable.RECORDINGS, undated.select("id", "modified_ms"), "modified_ms");
        }
        Dataset<Row> audio = read.where(col("cuts").isNotNull());
        Written written = totals.versions() == 0
                ? Written.NOTHING
                : write(audio, read.where(ReadTotalsStage.VERSION).select("uri"), before);
        StageSummary summary = new StageSummary(
                files,
                written.recordings(),
                written.utterances(),
                totals.partial(),
                totals.mended(),
                written.duplicates(),
                totals.changed(),
                totals.rejected(),
                totals.audioSeconds(),
                writer.counts());
        return new Pass(summary, before.othersWrote() ? uris(audio) : Set.of());
    }

    private static Set<String> uris(Dataset<Row> files) {
        Set<String> uris = new HashSet<>();
        files.select("uri").toLocalIterator().forEachRemaining(row -> uris.add(row.getString(0)));
        return uris;
    }

    private void checkShare(Map<String, Long> rejected, long files, Dataset<Row> read) {
        long rejects = rejected.values().stream().mapToLong(Long::longValue).sum();
        if (rejects > config.maxRejectShare() * files) {
            throw GlossaException.data(String.format(
                    Locale.ROOT,
                    "Cannot ingest %d files: found %d rejects %s such as %s, expected at most %.1f %% (the table rejects"
                            + " names all; a higher max-reject-share goes on without them%s)",
                    files,
                    rejects,
                    rejected,
                    examples(read),
                    100 * config.maxRejectShare(),
                    rejected.containsKey(RejectCode.TEXT_ENCODING.name())
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

    /**
     * What became of files that were read.
     *
     * @param duplicates files whose bytes are those of another, also one that another run made a recording of meanwhile
     */
    private record Written(long recordings, long utterances, long duplicates) {
        private static final Written NOTHING = new Written(0, 0, 0);
    }

    private Written write(Dataset<Row> audio, Dataset<Row> uris, TablesStage before) {
        Dataset<Row> duplicates = TwinsStage.of(audio, uris, before);
        try (KeptStage kept = new KeptStage(spark, duplicates, duplicates.schema())) {
            long twins = kept.rows().count();
            Written written = writeSingle(withoutTwins(audio, kept.rows(), twins), uris, before);
            return new Written(written.recordings(), written.utterances(), written.duplicates() + twins);
        }
    }

    /** The files but for those that are refused as twins, which are written down. */
    private Dataset<Row> withoutTwins(Dataset<Row> files, Dataset<Row> twins, long count) {
        if (count == 0) {
            return files;
        }
        writer.rejects(STAGE, twins, "uri");
        return files.join(twins.select("uri"), new String[] {"uri"}, "left_anti");
    }

    private Written writeSingle(Dataset<Row> single, Dataset<Row> uris, TablesStage before) {
        Dataset<Row> cuts = IngestTablesStage.utterances(single);
        Dataset<Row> texts = IngestTablesStage.transcripts(single);
        try (SupersedeStage supersede = new SupersedeStage(spark, writer, before, uris, cuts, texts)) {
            supersede.takeAway();
            // All utterances of a recording are in one commit, so that a recording is there as a whole or not at all.
            long utterances = writer.append(LakeTable.UTTERANCES, cuts, List.of("recording_id"));
            try (KeptStage lost = before.othersWrote() ? lost(single) : null) {
                long duplicates = lost == null ? 0 : lost.rows().count();
                Dataset<Row> owned = duplicates == 0 ? single : withoutTwins(single, lost.rows(), duplicates);
                writer.append(LakeTable.TRANSCRIPTS, IngestTablesStage.transcripts(owned));
                if (before.othersWrote()) {
                    supersede.takeAwayLate();
                }
                long recordings =
                        writer.append(LakeTable.RECORDINGS, IngestTablesStage.recordings(owned, lineage.run()));
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
