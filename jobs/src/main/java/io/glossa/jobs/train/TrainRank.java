package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Lake;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.lake.KeptCells;
import io.glossa.trainer.lake.Labels;
import io.glossa.trainer.lake.LakeSource;
import io.glossa.trainer.lake.StoredFeatures;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.TrainConfig;
import io.glossa.trainer.train.Trainer;
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
                : new Rendezvous(rank, host, task.folder(), gather).open(request, task.machine()::share);
    }

    /** Trains, from the checkpoint that the driver found if there is one, by the census that it left in the folder. */
    void run(Device device) {
        TrainData data = task.data();
        Buckets buckets = training.bucketTable();
        CensusFile file = CensusFile.read(task.folder(), data, buckets);
        try (Lake lake = Lake.open(task.lake());
                FeatureThreads threads = new FeatureThreads(task.machine().featureThreads())) {
            TrainingRows rows = rows(threads);
            if (!data.labelled()) {
                train(
                        device,
                        bestRq(),
                        LakeSource.unlabelled(lake, rows, data.features(), data.splits(), buckets, file.census()));
                return;
            }
            SymbolTable symbols = SymbolTable.ofCheckpoint(file.symbols());
            Labels labels = Labels.in(CensusTaking.labels(task.folder()).uri(), symbols);
            train(
                    device,
                    Head.named(data.kind())
                            .objective(ModelConfig.ofCheckpoint(task.objective()), symbols, task.objective()),
                    LakeSource.labelled(lake, rows, data.features(), buckets, file.census(), labels));
        }
    }

    private TrainingRows rows(FeatureThreads threads) {
        FrontEnd frontEnd = task.data().frontEnd();
        return task.data().origin() == FeatureOrigin.STORED
                ? new StoredFeatures(frontEnd.digest())
                : new ComputedFeatures(frontEnd.config(), threads);
    }

    private Objective bestRq() {
        Map<String, String> masks = new TreeMap<>(task.objective());
        masks.keySet().retainAll(ConfigBinder.keys(BestRqConfig.class));
        return new BestRq(
                ModelConfig.ofCheckpoint(task.objective()),
                ConfigBinder.bind(BestRqConfig.class, masks, BestRqConfig.DEFAULTS));
    }

    private void train(Device device, Objective objective, BatchSource source) {
        Start start = Start.of(
                Optional.ofNullable(task.from()),
                Optional.ofNullable(task.init()).map(Pretrained::checkpoint),
                Optional.ofNullable(task.init()).flatMap(Pretrained::place));
        BatchSource kept = KeptCells.of(source, objective.model().mels(), rank);
        try (Trainer trainer = Trainer.open(device, objective, kept, training, start)) {
            Map<String, String> lineage = new TreeMap<>(task.lineage());
            lineage.putAll(TrainedOn.read(task.folder()).lineage());
            lineage.put("glossa.ranks", Integer.toString(rank.count()));
            lineage.put("glossa.device", task.machine().named(gpu));
            lineage.put("glossa.hardware", device.hardware());
            StepListener listener = rank.index() == 0 ? MetricsFile.after(trainer.step(), task.folder()) : step -> {};
            trainer.run(task.folder(), task.attempt(), lineage, new SkipNotes(task.job(), rank, listener));
        }
    }
}
