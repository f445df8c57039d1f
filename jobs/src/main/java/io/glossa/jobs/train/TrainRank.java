package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.heartbeat.Pulse;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.lake.CellCache;
import io.glossa.trainer.lake.Labels;
import io.glossa.trainer.lake.LakeSource;
import io.glossa.trainer.lake.StoredFeatures;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.Stream;
import io.glossa.trainer.train.TrainConfig;
import io.glossa.trainer.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** One rank's part of a training: opens the device, reads the lake, trains to the end. No Spark in here. */
final class TrainRank {
    private final TrainTask task;
    private final String gpu;
    private final Rank rank;
    private final TrainConfig training;

    /** @param gpu which of the machine's GPUs to use, where the device is one */
    TrainRank(TrainTask task, Rank rank, String gpu) {
        this.task = task;
        this.rank = rank;
        this.gpu = gpu;
        this.training = ConfigBinder.bind(TrainConfig.class, task.training(), TrainConfig.DEFAULTS);
    }

    /**
     * What it trains on, opened and connected with the others.
     *
     * @param host this machine, as the others call it
     * @param gather see {@link Rendezvous}
     */
    Device device(String host, Function<String, String[]> gather) {
        DeviceRequest request = task.machine().request(Precision.of(training.dtype()), gpu);
        return rank.count() == 1
                ? request.open()
                : new Rendezvous(rank, host, CodeVersion.current(), task.folder(), gather)
                        .open(request, task.machine()::share);
    }

    /**
     * Trains, from the checkpoint that the driver found if there is one, by the census that it left in the folder.
     *
     * @param pulse told of each step; ends this rank when another is lost
     */
    void run(Device device, Pulse pulse) {
        TrainData data = task.data();
        try (Lake lake = Lake.open(task.lake());
                FeatureThreads threads = new FeatureThreads(task.machine().featureThreads())) {
            TrainingRows rows = rows(threads);
            CellCache cache = CellCache.ofHeap(task.machine().featureCache(), rank.count());
            if (data.kind().equals(Most.KIND)) {
                MostRank most = new MostRank(task, cache, training);
                List<Stream> streams = most.streams(lake, rows);
                train(
                        device,
                        pulse,
                        start -> Trainer.open(device, most.recipe(), streams, most.curriculum(), training, start));
                return;
            }
            CensusFile file = CensusFile.read(task.folder(), data, training.bucketTable());
            Objective objective = data.labelled() ? recognition(file) : bestRq();
            BatchSource source = cache.over(source(lake, rows, data, training.bucketTable(), file, task.folder()));
            train(device, pulse, start -> Trainer.open(device, objective, source, training, start));
        }
    }

    /** The utterances that a census is of. */
    static BatchSource source(
            Lake lake, TrainingRows rows, TrainData data, Buckets buckets, CensusFile file, Folder folder) {
        if (!data.labelled()) {
            LakeSource.Exceptions exceptions = new LakeSource.Exceptions(
                    names(data.terms().leavesOut(), CensusTaking.leftOut(folder)),
                    names(!data.terms().emptied().isEmpty(), CensusTaking.emptied(folder)));
            return LakeSource.unlabelled(
                    lake, rows, data.features(), data.splits(), buckets, file.census(), exceptions);
        }
        Labels labels = Labels.in(CensusTaking.labels(folder).uri(), SymbolTable.ofCheckpoint(file.symbols()));
        return LakeSource.labelled(lake, rows, data.features(), buckets, file.census(), labels);
    }

    private static Optional<Labels> names(boolean some, Folder folder) {
        return some ? Optional.of(Labels.names(folder.uri())) : Optional.empty();
    }

    private Objective bestRq() {
        return new BestRq(
                ModelConfig.ofCheckpoint(task.objective()),
                ConfigBinder.bindAmong(BestRqConfig.class, task.objective(), BestRqConfig.DEFAULTS));
    }

    private Objective recognition(CensusFile file) {
        return Head.named(task.data().kind())
                .objective(
                        ModelConfig.ofCheckpoint(task.objective()),
                        SymbolTable.ofCheckpoint(file.symbols()),
                        task.objective());
    }

    private TrainingRows rows(FeatureThreads threads) {
        FrontEnd frontEnd = task.data().frontEnd();
        return task.data().origin() == FeatureOrigin.STORED
                ? new StoredFeatures(frontEnd.digest())
                : new ComputedFeatures(frontEnd.config(), threads);
    }

    private void train(Device device, Pulse pulse, Function<Start, Trainer> opened) {
        Start start = Start.of(
                Optional.ofNullable(task.from()),
                Optional.ofNullable(task.init()).map(Pretrained::checkpoint),
                Optional.ofNullable(task.init()).flatMap(Pretrained::place));
        try (Trainer trainer = opened.apply(start)) {
            Map<String, String> lineage = new TreeMap<>(task.lineage());
            lineage.putAll(TrainedOn.read(task.folder()).lineage());
            lineage.put("glossa.ranks", Integer.toString(rank.count()));
            lineage.put("glossa.device", task.machine().named(gpu));
            lineage.put("glossa.hardware", device.hardware());
            lineage.putAll(Environment.noted(device));
            StepListener listener = rank.index() == 0
                    ? new CollapseAlarm(task.job(), MetricsFile.after(trainer.step(), task.folder()), System.err)
                    : step -> {};
            trainer.run(
                    task.folder(),
                    task.attempt(),
                    lineage,
                    new SkipNotes(task.job(), rank, new Beating(pulse, listener)));
            pulse.finish();
        }
    }
}
