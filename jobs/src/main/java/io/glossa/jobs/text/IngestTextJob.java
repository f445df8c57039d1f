package io.glossa.jobs.text;

import io.glossa.config.ConfigDigest;
import io.glossa.config.Sha256;
import io.glossa.featurize.text.TextConfig;
import io.glossa.featurize.text.TextPart;
import io.glossa.featurize.text.TextStage;
import io.glossa.featurize.text.TextSummary;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.storage.Lake;
import io.glossa.storage.Lineage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Files of sentences into the lake. */
public final class IngestTextJob {
    static final String NAME = TextStage.STAGE;

    private IngestTextJob() {}

    /**
     * Ingests the sentences that are not in the lake yet; twice the same adds nothing.
     *
     * @param location of a file or a folder of them
     */
    public static Summary run(String location, TextConfig config, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        TextFiles files = TextFiles.at(location, spark.sparkContext().hadoopConfiguration());
        String listing = files.files().stream()
                .map(file -> file.getPath() + " " + file.getLen() + " " + file.getModificationTime())
                .collect(Collectors.joining("\n"));
        String key = ConfigDigest.of(Map.of(
                "job", NAME,
                "files", Sha256.of(listing),
                "config-digest", ConfigDigest.of(config),
                "code-version", CodeVersion.current()));
        Lineage lineage = new Lineage(
                NAME, NAME + "-" + key, key, Map.of(), ConfigDigest.of(config), CodeVersion.current(), null);
        List<TextPart> parts = files.parts();
        TextSummary done = TaskProgress.during(
                NAME,
                spark,
                "parts of files",
                parts.size(),
                () -> new TextStage(spark, lake, config, lineage).run(parts));
        return summary(done, files.files().size(), Summary.secondsSince(start));
    }

    private static Summary summary(TextSummary done, int files, double seconds) {
        Map<String, Long> duplicates = new TreeMap<>();
        if (done.repeated() > 0) {
            duplicates.put("repeated", done.repeated());
        }
        if (done.known() > 0) {
            duplicates.put("in the lake already", done.known());
        }
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("duplicates", Summary.counts(duplicates));
        if (!done.languages().isEmpty()) {
            notes.put("languages", Summary.counts(done.languages()));
        }
        notes.putAll(WriteNotes.of(done.writes()));
        return new Summary(
                NAME,
                seconds,
                0,
                String.format(Locale.ROOT, "%,d lines of %,d files", done.lines(), files),
                String.format(Locale.ROOT, "%,d sentences", done.added()),
                done.rejected(),
                Map.of(),
                notes);
    }
}
