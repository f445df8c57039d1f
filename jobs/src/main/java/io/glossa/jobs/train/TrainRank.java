package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Lake;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.TrainConfig;
import io.glossa.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
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
                : new Rendezvous(rank, host, task.folder(), gather).open(request, task.machine()::share);
    }

    /** Trains, from the checkpoint that the driver found if there is one. */
    void run(Device device) {
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        try (Lake lake = Lake.open(task.lake())) {
            if (task.data().labelled()) {
                TrainTexts texts = TrainTexts.read(lake, task.data());
                Objective ctc = new Ctc(
                        ModelConfig.ofCheckpoint(task.objective()),
                        texts.symbols(),
                        CtcConfig.of(task.objective()).specAugment());
                try (TrainSource source = TrainSource.read(lake, task.data(), texts, scratch)) {
                    List<TrainReject> rejects = new ArrayList<>(texts.rejects());
                    rejects.addAll(texts.withoutFeatures(source));
                    train(device, ctc, source, rejects);
                }
            } else {
                try (TrainSource source = TrainSource.read(lake, task.data(), scratch)) {
                    train(device, bestRq(), source, List.of());
                }
            }
        }
    }

    private Objective bestRq() {
        Map<String, String> masks = new TreeMap<>(task.objective());
        masks.keySet().retainAll(ConfigBinder.keys(BestRqConfig.class));
        return new BestRq(
                ModelConfig.ofCheckpoint(task.objective()),
                ConfigBinder.bind(BestRqConfig.class, masks, BestRqConfig.DEFAULTS));
    }

    private void train(Device device, Objective objective, TrainSource source, List<TrainReject> rejects) {
        Start start = Start.of(Optional.ofNullable(task.from()), Optional.ofNullable(task.init()));
        try (Trainer trainer = Trainer.open(device, objective, source, training, start)) {
            TrainedOn data = TrainedOn.of(source, trainer.admission(), training.bucketTable(), rejects);
            if (rank.index() == 0) {
                data.write(task.folder());
            }
            Map<String, String> lineage = new TreeMap<>(task.lineage());
            lineage.putAll(data.lineage());
            lineage.put("glossa.ranks", Integer.toString(rank.count()));
            lineage.put("glossa.device", task.machine().named(gpu));
            lineage.put("glossa.hardware", device.hardware());
            StepListener listener = rank.index() == 0 ? MetricsFile.after(trainer.step(), task.folder()) : step -> {};
            trainer.run(task.folder(), task.attempt(), lineage, listener);
        }
    }
}
