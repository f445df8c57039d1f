package io.glossa.jobs.ingest;

import io.glossa.config.ConfigDigest;
import io.glossa.config.Sha256;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.IngestStage;
import io.glossa.featurize.ingest.SourceFile;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.storage.Lake;
import io.glossa.storage.Lineage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Recordings into the lake. */
public final class IngestJob {
    static final String NAME = "ingest";

    private IngestJob() {}

    /** Ingests the files that are not in the lake yet; twice the same adds nothing. */
    public static Summary run(Corpus corpus, IngestConfig config, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        List<SourceFile> files = corpus.files();
        String listing = files.stream().map(SourceFile::toString).sorted().collect(Collectors.joining("\n"));
        String key = ConfigDigest.of(Map.of(
                "job", NAME,
                "files", Sha256.of(listing),
                "config-digest", ConfigDigest.of(config),
                "code-version", CodeVersion.current()));
        Lineage lineage = new Lineage(
                NAME, NAME + "-" + key, key, Map.of(), ConfigDigest.of(config), CodeVersion.current(), null);
        StageSummary done = TaskProgress.during(
                NAME, spark, "files", files.size(), () -> new IngestStage(spark, lake, config, lineage).run(files));
        return summary(done, corpus.leftOut(), Summary.secondsSince(start));
    }

    private static Summary summary(StageSummary done, Map<String, Long> leftOut, double seconds) {
        Map<String, Long> warnings = new LinkedHashMap<>();
        if (done.partial() > 0) {
            warnings.put("partial", done.partial());
        }
        if (done.mended() > 0) {
            warnings.put("mended", done.mended());
        }
        if (done.duplicates() > 0) {
            warnings.put("duplicate", done.duplicates());
        }
        Map<String, String> notes = new LinkedHashMap<>();
        if (!leftOut.isEmpty()) {
            notes.put(
                    "passed over",
                    leftOut.entrySet().stream()
                            .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                            .collect(Collectors.joining(", ")));
        }
        if (done.known() > 0) {
            notes.put("earlier", String.format(Locale.ROOT, "%,d files were in the lake already", done.known()));
        }
        if (done.changed() > 0) {
            notes.put(
                    "changed",
                    String.format(
                            Locale.ROOT,
                            "%,d files are new versions; what was made of the old ones is in earlier snapshots alone",
                            done.changed()));
        }
        Long undecoded = done.rejected().get(RejectCode.TEXT_ENCODING.name());
        if (undecoded != null) {
            notes.put(
                    "encoding",
                    String.format(
                            Locale.ROOT,
                            "transcripts in another encoding: %,d (name it with --encoding, and run again)",
                            undecoded));
        }
        notes.putAll(WriteNotes.of(done.writes()));
        return new Summary(
                NAME,
                seconds,
                done.audioSeconds(),
                String.format(Locale.ROOT, "%,d files", done.in()),
                String.format(Locale.ROOT, "%,d recordings, %,d utterances", done.out(), done.utterances()),
                done.rejected(),
                warnings,
                notes);
    }
}
