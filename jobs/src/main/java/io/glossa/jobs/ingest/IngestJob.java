package io.glossa.jobs.ingest;

import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.IngestStage;
import io.glossa.featurize.ingest.ListingStage;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.source.Source;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.storage.Lake;
import io.glossa.storage.Lineage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Recordings into the lake. */
public final class IngestJob {
    static final String NAME = "ingest";

    private IngestJob() {}

    /**
     * Ingests the recordings that are not in the lake yet; twice the same adds nothing.
     *
     * @throws GlossaException of type USER if the source has none
     */
    public static IngestResult run(
            Source source, IngestConfig config, WaveConfig waves, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        return TaskProgress.during(NAME, spark, "files", 0, progress -> {
            try (ListingStage listing = new ListingStage(spark, source)) {
                if (listing.count() == 0) {
                    throw GlossaException.user("Cannot find a recording in "
                            + source.root().uri() + ": found " + new TreeMap<>(listing.passedOver())
                            + ", expected files such as .wav, .flac, .mp3 or .opus");
                }
                String key = ConfigDigest.of(Map.of(
                        "job", NAME,
                        "files", listing.digest(),
                        "config-digest", ConfigDigest.of(config),
                        "code-version", CodeVersion.current()));
                Lineage lineage = new Lineage(
                        NAME, NAME + "-" + key, key, Map.of(), ConfigDigest.of(config), CodeVersion.current(), null);
                StageSummary done =
                        new IngestStage(spark, lake, config, waves, lineage).run(listing, new IngestProgress(progress));
                Map<String, Long> passedOver = listing.passedOver();
                return new IngestResult(passedOver, summary(done, passedOver, Summary.secondsSince(start)));
            }
        });
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
                    new TreeMap<>(leftOut)
                            .entrySet().stream()
                                    .map(entry ->
                                            String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
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
