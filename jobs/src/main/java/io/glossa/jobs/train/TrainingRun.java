package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.storage.SnapshotReader;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.lineage.DatasetName;
import io.glossa.storage.lineage.LineageDataset;
import io.glossa.storage.lineage.LineageRun;
import io.glossa.storage.lineage.OpenLineageFile;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.train.TrainConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** What all training jobs do on the driver: name the work, see whether it is done, launch it, keep the books. */
final class TrainingRun {
    private static final String LINEAGE_FILE = "training.jsonl";
    static final String SUMMARY_PREFIX = "glossa.";
    private static final String BUCKETS = "buckets";

    /** The snapshot of consent that a launch was held to. */
    private static final String CHECKED = SUMMARY_PREFIX + "consent-checked";

    private final String job;
    private final Lake lake;
    private final TrainData data;
    private final Folder folder;
    private final TrainConfig training;
    private final Lineage lineage;
    private final Map<String, String> identity;
    private final TrainTask task;

    /**
     * Names the work.
     *
     * @param objective its settings by key, but for the symbols, which the data give
     * @param init model to start from
     */
    TrainingRun(
            String job,
            Lake lake,
            TrainData data,
            Folder folder,
            TrainConfig training,
            Map<String, String> objective,
            Optional<Pretrained> init,
            Machine machine) {
        this.job = job;
        this.lake = lake;
        this.data = data;
        this.folder = folder;
        this.training = training;
        Map<String, String> settings = new LinkedHashMap<>(objective);
        settings.putAll(ConfigBinder.values(training));
        settings.put("device", machine.device());
        String configDigest = ConfigDigest.of(settings);
        String initDigest =
                init.map(Pretrained::checkpoint).map(Checkpoints::digest).orElse(null);
        Map<String, String> parts = new TreeMap<>(data.choice());
        data.inputs().forEach((table, snapshot) -> parts.put("input." + table, Long.toString(snapshot)));
        parts.put("job", job);
        parts.put("config-digest", configDigest);
        parts.put("code-version", CodeVersion.current());
        if (initDigest != null) {
            parts.put("model-digest", initDigest);
        }
        String key = ConfigDigest.of(parts);
        lineage =
                new Lineage(job, job + "-" + key, key, data.inputs(), configDigest, CodeVersion.current(), initDigest);
        identity = new TreeMap<>(lineage.toSummary());
        data.choice().forEach((name, value) -> identity.put(SUMMARY_PREFIX + name, value));
        identity.putAll(data.frontEnd().lineage());
        lake.snapshot(LakeTable.CONSENT).ifPresent(now -> identity.put(CHECKED, Long.toString(now)));
        task = new TrainTask(
                job,
                lake.config(),
                data,
                objective,
                ConfigBinder.values(training),
                folder,
                init.orElse(null),
                "",
                null,
                machine,
                identity);
    }

    /**
     * The id of a table's snapshot: the one asked for, else the current one.
     *
     * @throws GlossaException of type USER if there is none, or no longer
     */
    static long snapshot(String job, Lake lake, LakeTable table, OptionalLong asked) {
        if (asked.isPresent()) {
            SnapshotReader.of(lake, table, asked.getAsLong());
            return asked.getAsLong();
        }
        return lake.snapshot(table)
                .orElseThrow(() -> GlossaException.user("Cannot " + job + ": the table " + table.tableName() + " of "
                                + lake.location() + " is empty, expected rows ("
                                + (table == LakeTable.SENTENCES
                                        ? "run ingest-text first, or train in phases without text)"
                                        : "run ingest and featurize first; --features on-the-fly needs no featurize)"))
                        .forWantOfInput());
    }

    /**
     * The id of the snapshot that log-mels come from.
     *
     * @throws GlossaException of type USER if there is none, or no longer
     */
    static long features(String job, Lake lake, FeatureChoice choice) {
        return snapshot(job, lake, choice.origin().table(), choice.snapshot());
    }

    /**
     * The front end to train on: that of the model that a training goes on from, else of the one it starts from, else the chosen one.
     *
     * @param read the snapshot that log-mels come from
     */
    static FrontEnd frontEnd(
            String job,
            Lake lake,
            FeatureChoice choice,
            long read,
            Folder folder,
            Optional<Pretrained> init,
            ModelConfig model) {
        FrontEndChoice known = Stream.of(Checkpoints.latest(folder), init.map(Pretrained::checkpoint))
                .flatMap(Optional::stream)
                .map(step -> FrontEndChoice.of(Checkpoints.meta(step)))
                .filter(FrontEndChoice::isKnown)
                .findFirst()
                .orElse(FrontEndChoice.ONLY);
        return choice.frontEnd(known, lake, read, job, model.mels());
    }

    /** Names it, and what it writes. */
    Lineage lineage() {
        return lineage;
    }

    /** Trains for so many passes over its data, unless that has been done, and tells what came of it. */
    TrainResult run(SparkSession spark) {
        return run(
                spark,
                meta -> meta.cursor().getOrDefault("epoch", 0L) >= training.passes(),
                () -> CensusTaking.of(spark, lake, lineage, data, training.bucketTable(), folder));
    }

    /**
     * As above, to another end.
     *
     * @param isLast whether a checkpoint is the last one
     * @param census takes it, unless it is there
     */
    TrainResult run(SparkSession spark, Predicate<CheckpointMeta> isLast, Runnable census) {
        long started = System.nanoTime();
        ForgottenNote.require(job, folder);
        Optional<CheckpointMeta> before =
                Checkpoints.latest(folder, System.err::println).map(Checkpoints::meta);
        boolean already = before.filter(this::isOfThis).filter(isLast).isPresent();
        if (!already) {
            before.ifPresent(this::requireSameData);
            BarrierTraining.requireRoom(spark, task);
            tag();
            try (DriverLease lease = DriverLease.take(folder)) {
                lease.guard(() -> recorded(() -> {
                    census.run();
                    BarrierTraining.run(spark, task);
                }));
            }
            training.retention().keep(folder); // the rank that does so may have been done before the last one wrote
        }
        TrainedOn trainedOn = TrainedOn.read(folder);
        Folder checkpoint = Checkpoints.latest(folder)
                .orElseThrow(() -> GlossaException.internal("Cannot find a checkpoint in " + folder));
        double seconds = (System.nanoTime() - started) * 1e-9;
        long from = before.map(CheckpointMeta::step).orElse(0L);
        return new TrainOutcome(job, folder, checkpoint, training, trainedOn, from, already, seconds).result();
    }

    private boolean isOfThis(CheckpointMeta meta) {
        return identity.get("glossa.job-key").equals(meta.lineage().get("glossa.job-key"));
    }

    /** Settings are compared by the trainer; here is what it does not see, and what the folder's census is of. */
    private void requireSameData(CheckpointMeta meta) {
        requireSame(TrainData.KIND, meta.kind(), data.kind());
        requireSame(
                "features",
                meta.lineage().getOrDefault(SUMMARY_PREFIX + "features", FeatureOrigin.STORED.toString()),
                data.origin().toString());
        for (String name : List.of(
                "input.features",
                "input.utterances",
                "input.transcripts",
                "input.sentences",
                "splits",
                "untranscribed",
                "use.purpose",
                "use.territory",
                "use.consent",
                "use.violations",
                "pseudo-generation",
                "pseudo-weight",
                "model-digest")) {
            requireSame(
                    name.replace("input.", "snapshot of ").replace("model-digest", "model to start from"),
                    meta.lineage().getOrDefault(SUMMARY_PREFIX + name, "none"),
                    identity.getOrDefault(SUMMARY_PREFIX + name, "none"));
        }
        if (data.labelled()) {
            requireSame(
                    TokenizerChoice.LINEAGE,
                    TokenizerChoice.nameIn(meta),
                    data.tokenizer().name());
        }
        FrontEndChoice own = FrontEndChoice.of(meta);
        if (own.isKnown()) {
            requireSame("front end", own.own(), data.frontEnd().digest());
        }
        String buckets = ConfigBinder.values(training).get(BUCKETS);
        requireSame(BUCKETS, meta.config().getOrDefault(BUCKETS, buckets), buckets);
    }

    private void requireSame(String what, String had, String found) {
        if (!had.equals(found)) {
            throw GlossaException.user("Cannot resume " + job + " in " + folder + ": its checkpoint has " + what + " "
                    + had + ", found " + found + ", expected the same (name it, or start anew in another folder)");
        }
    }

    private void tag() {
        lake.tag(data.origin().table(), data.features(), lineage.run());
        if (data.labelled()) {
            lake.tag(LakeTable.TRANSCRIPTS, data.transcripts(), lineage.run());
        }
        if (data.sentences() != 0) {
            lake.tag(LakeTable.SENTENCES, data.sentences(), lineage.run());
        }
        data.terms().tag(lake, lineage.run());
    }

    /** Does the work with its OpenLineage events around it. */
    private void recorded(Runnable work) {
        Optional<OpenLineageFile> file = Session.lineageFile(lake)
                .map(spark -> new OpenLineageFile(spark.resolveSibling(LINEAGE_FILE), Session.LINEAGE_NAMESPACE));
        UUID id = UUID.randomUUID();
        file.ifPresent(events -> events.start(event(id)));
        try {
            work.run();
        } catch (RuntimeException e) {
            file.ifPresent(events -> events.fail(event(id), e));
            throw e;
        }
        file.ifPresent(events -> events.complete(event(id)));
    }

    private LineageRun event(UUID id) {
        List<LineageDataset> inputs = data.inputs().entrySet().stream()
                .map(input -> LineageDataset.of(
                        lake, LakeTable.valueOf(input.getKey().toUpperCase(Locale.ROOT)), input.getValue()))
                .toList();
        List<LineageDataset> outputs =
                Checkpoints.latest(folder)
                        .map(step -> new LineageDataset(DatasetName.of(step), Checkpoints.digest(step)))
                        .stream()
                        .toList();
        return new LineageRun(id, job, inputs, outputs, identity);
    }
}
