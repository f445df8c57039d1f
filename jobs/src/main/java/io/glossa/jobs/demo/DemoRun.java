package io.glossa.jobs.demo;

import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.corpus.Texts;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.evaluate.EvaluateResult;
import io.glossa.jobs.featurize.FeaturizeJob;
import io.glossa.jobs.ingest.IngestJob;
import io.glossa.jobs.ingest.IngestResult;
import io.glossa.jobs.label.LabelJob;
import io.glossa.jobs.label.LabelResult;
import io.glossa.jobs.report.Report.Step;
import io.glossa.jobs.text.IngestTextJob;
import io.glossa.jobs.train.FeatureChoice;
import io.glossa.jobs.train.FinetuneConfig;
import io.glossa.jobs.train.FinetuneJob;
import io.glossa.jobs.train.MostJob;
import io.glossa.jobs.train.MostJobConfig;
import io.glossa.jobs.train.PretrainConfig;
import io.glossa.jobs.train.PretrainJob;
import io.glossa.jobs.train.PseudoLabels;
import io.glossa.jobs.train.TextSnapshots;
import io.glossa.jobs.train.TrainResult;
import io.glossa.nst.FilterConfig;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.Teacher;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.spark.sql.SparkSession;

/** The steps of the demo from a corpus to evaluated recognisers, each a job of its own. */
final class DemoRun {
    /**
     * A recogniser and how it does, where there was something to test it on.
     *
     * @param before what its encoder was trained by before, in that order
     * @param baseline the one that it differs from in one thing; empty if there is none
     */
    record Recogniser(
            String name,
            String description,
            List<TrainResult> before,
            String baseline,
            TrainResult training,
            Optional<EvaluateResult> evaluation) {}

    private static final List<String> LABELLED = List.of("train");
    private static final List<String> WITHOUT_TEXT = List.of("unlabelled");
    private static final List<String> ALL_TRAINING = List.of("train", "unlabelled");
    /** Digest of the front end whose features are used, whatever else the lake has. */
    static final String FRONT_END = ConfigDigest.of(FrontEndConfig.usm());

    /** The report lists them. */
    private static final IngestConfig ANY_REJECTS = IngestConfig.standard().withMaxRejectShare(1);

    /** Of a sentence. */
    private static final int MOST_BYTES = 1000;

    private static final int GENERATION = 1;
    /** Without those of texts. */
    private static final int STEPS = 10;

    private static final int STEPS_OF_MOST = 3;

    private final DemoPlan plan;
    private final int seed;
    private final Lake lake;
    private final SparkSession spark;
    private final Folder models;
    private final PrintStream out;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Recogniser> recognisers = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private Optional<TrainResult> pretrained = Optional.empty();
    private Optional<TrainResult> most = Optional.empty();
    private Optional<LabelResult> labels = Optional.empty();
    private Map<String, Long> passedOver = Map.of();
    private int begun;
    private int all = STEPS;

    DemoRun(DemoPlan plan, int seed, Lake lake, SparkSession spark, Folder models, PrintStream out) {
        this.plan = plan;
        this.seed = seed;
        this.lake = lake;
        this.spark = spark;
        this.models = models;
        this.out = out;
    }

    /** All steps; one that finds nothing to work on is left out, and with it what builds on it. */
    void run(Corpus corpus) {
        all += corpus.texts().isEmpty() ? 0 : corpus.texts().size() + STEPS_OF_MOST;
        passedOver = step(
                        "ingest",
                        () -> IngestJob.run(corpus.source(), ANY_REJECTS, WaveConfig.standard(), lake, spark),
                        IngestResult::summary)
                .map(IngestResult::passedOver)
                .orElse(Map.of());
        step(
                "featurize",
                () -> FeaturizeJob.run(FrontEndConfig.usm(), OptionalLong.empty(), lake, spark),
                Function.identity());
        recogniser(
                "a",
                "CTC from random weights",
                List.of(),
                "",
                FinetuneConfig.of(DemoPlan.PRESET, plan.recogniser(seed), LABELLED, models.resolve("a"))
                        .on(FeatureChoice.STORED.of(FRONT_END))
                        .withTranscripts(humanTranscripts()));
        pretrained = step(
                "pre-train",
                () -> PretrainJob.run(
                        PretrainConfig.of(
                                        DemoPlan.PRESET, plan.encoder(seed), ALL_TRAINING, models.resolve("pretrained"))
                                .on(FeatureChoice.STORED.of(FRONT_END)),
                        lake,
                        spark),
                TrainResult::summary);
        pretrained.ifPresent(encoder -> {
            goOnFrom(encoder);
            if (!corpus.texts().isEmpty()) {
                goOnByMost(encoder, corpus.texts());
            }
        });
    }

    private void goOnFrom(TrainResult encoder) {
        Optional<TrainResult> teacher = recogniser(
                "b",
                "BEST-RQ, then CTC",
                List.of(encoder),
                "a",
                FinetuneConfig.from(encoder.folder(), plan.recogniser(seed), LABELLED, models.resolve("b"))
                        .withTranscripts(humanTranscripts()));
        labels = teacher.flatMap(by -> step("label with b", () -> label(by), LabelResult::summary));
        labels.ifPresent(by -> recogniser(
                "c",
                "as (b), and on pseudo-labels by (b) besides",
                List.of(encoder),
                "b",
                FinetuneConfig.from(encoder.folder(), plan.recogniser(seed), ALL_TRAINING, models.resolve("c"))
                        .with(new PseudoLabels(GENERATION, 1))
                        .withTranscripts(OptionalLong.of(by.labels().snapshot()))));
    }

    private void goOnByMost(TrainResult encoder, List<Texts> texts) {
        for (Texts each : texts) {
            TextConfig config = new TextConfig(each.lang(), each.source(), each.licence(), MOST_BYTES, 1);
            step(
                    "texts " + each.lang(),
                    () -> IngestTextJob.run(each.file().toString(), config, lake, spark),
                    Function.identity());
        }
        most = step(
                "MOST",
                () -> MostJob.run(
                        MostJobConfig.from(encoder.folder(), plan.most(seed), LABELLED, models.resolve("most"))
                                .hearing(ALL_TRAINING)
                                .on(
                                        FeatureChoice.STORED.of(FRONT_END),
                                        new TextSnapshots(humanTranscripts(), OptionalLong.empty())),
                        lake,
                        spark),
                TrainResult::summary);
        most.ifPresent(by -> recogniser(
                "d",
                "BEST-RQ, then MOST, then CTC",
                List.of(encoder, by),
                "b",
                FinetuneConfig.from(by.folder(), plan.recogniser(seed), LABELLED, models.resolve("d"))
                        .withTranscripts(humanTranscripts())));
    }

    /** The transcripts as ingest left them: what labelling adds later is the business of (c) alone. */
    private OptionalLong humanTranscripts() {
        OptionalLong last = OptionalLong.empty();
        for (Snapshot snapshot : lake.table(LakeTable.TRANSCRIPTS).snapshots()) {
            if (Lineage.of(snapshot).filter(l -> l.job().equals("ingest")).isPresent()) {
                last = OptionalLong.of(snapshot.snapshotId());
            }
        }
        return last;
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    List<Recogniser> recognisers() {
        return List.copyOf(recognisers.values());
    }

    /** How many things in the source were no recording, by reason. */
    Map<String, Long> passedOver() {
        return passedOver;
    }

    /** What was left out, and why. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    Optional<TrainResult> pretrained() {
        return pretrained;
    }

    Optional<TrainResult> most() {
        return most;
    }

    Optional<LabelResult> labels() {
        return labels;
    }

    private Optional<TrainResult> recogniser(
            String name, String description, List<TrainResult> before, String baseline, FinetuneConfig config) {
        Optional<TrainResult> training =
                step("train " + name, () -> FinetuneJob.run(config, lake, spark), TrainResult::summary);
        training.ifPresent(done -> recognisers.put(
                name,
                new Recogniser(
                        name,
                        description,
                        before,
                        baseline,
                        done,
                        step(
                                "evaluate " + name,
                                () -> EvaluateJob.run(EvaluateConfig.of(done.checkpoint()), lake, spark),
                                EvaluateResult::summary))));
        return training;
    }

    private LabelResult label(TrainResult teacher) {
        LabelConfig config = new LabelConfig(
                WITHOUT_TEXT, GENERATION, lake.snapshot(LakeTable.FEATURES).orElseThrow(), FilterConfig.DEFAULTS);
        return LabelJob.run(config, Teacher.of(teacher.checkpoint()), lake, spark);
    }

    /** Does a step and says in a line what came of it; empty if there was nothing to do it with. */
    private <R> Optional<R> step(String name, Supplier<R> job, Function<R, Summary> summary) {
        begun++;
        try {
            R result = job.get();
            Summary done = summary.apply(result);
            steps.add(new Step(name, done.seconds(), done.audioHours(), done.audioHoursPerHour(), done.out()));
            String rate = done.audioSeconds() > 0
                    ? String.format(Locale.ROOT, "; %,.0f audio hours per hour", done.audioHoursPerHour())
                    : "";
            say(name, clock(done.seconds()), done.out() + rate);
            return Optional.of(result);
        } catch (GlossaException e) {
            if (!e.isForWantOfInput()) {
                throw e;
            }
            leftOut.add(name + ": " + e.getMessage());
            say(name, "", "left out. " + e.getMessage());
            return Optional.empty();
        }
    }

    private void say(String name, String time, String what) {
        out.printf(Locale.ROOT, "%2d/%d  %-12s %6s  %s%n", begun, all, name, time, what);
    }

    static String clock(double seconds) {
        return String.format(Locale.ROOT, "%d:%02d", (int) seconds / 60, (int) seconds % 60);
    }
}
