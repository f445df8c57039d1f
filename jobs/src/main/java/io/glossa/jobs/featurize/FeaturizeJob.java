package io.glossa.jobs.featurize;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.features.FeaturizeStage;
import io.glossa.featurize.frontend.FrontEnds;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.nst.RecognizeStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;

/** Log-mels of the utterances in the lake. */
public final class FeaturizeJob {
    static final String NAME = "featurize";

    private FeaturizeJob() {}

    /** Computes the features that are missing; twice the same adds nothing. */
    public static Summary run(FrontEndConfig config, OptionalLong snapshot, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        long utterances = RecognizeStage.snapshot(lake, LakeTable.UTTERANCES, snapshot);
        String key = ConfigDigest.of(Map.of(
                "job", NAME,
                "input.utterances", Long.toString(utterances),
                "config-digest", ConfigDigest.of(config),
                "code-version", CodeVersion.current()));
        String run = NAME + "-" + key;
        lake.tag(LakeTable.UTTERANCES, utterances, run);
        Lineage lineage = new Lineage(
                NAME,
                run,
                key,
                Map.of(LakeTable.UTTERANCES.tableName(), utterances),
                ConfigDigest.of(config),
                CodeVersion.current(),
                null);
        FrontEnds.note(lake, config);
        StageSummary done = TaskProgress.during(
                NAME, spark, "utterances", 0, () -> new FeaturizeStage(spark, lake, config, lineage).run(utterances));
        Map<String, String> notes = new LinkedHashMap<>();
        FrontEnds.in(lake).forEach(frontEnd -> {
            boolean own = frontEnd.digest().equals(ConfigDigest.of(config));
            notes.merge(own ? "front end" : "others", frontEnd.toString(), (some, more) -> some + ", " + more);
        });
        if (done.known() > 0) {
            notes.put("earlier", String.format(Locale.ROOT, "%,d utterances had features already", done.known()));
        }
        notes.putAll(WriteNotes.of(done.writes()));
        return new Summary(
                NAME,
                Summary.secondsSince(start),
                done.audioSeconds(),
                String.format(Locale.ROOT, "%,d utterances", done.in()),
                String.format(Locale.ROOT, "%,d features", done.out()),
                done.rejected(),
                Map.of(),
                notes);
    }
}
