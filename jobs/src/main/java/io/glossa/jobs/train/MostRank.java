package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.lake.CellCache;
import io.glossa.trainer.lake.Labels;
import io.glossa.trainer.lake.TextSource;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Augmentation;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.train.BatchConfig;
import io.glossa.trainer.train.Curriculum;
import io.glossa.trainer.train.Stream;
import io.glossa.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a rank of MOST trains on, by the censuses that the driver left in the run's folder. */
final class MostRank {
    private final TrainTask task;
    private final CellCache cache;
    private final TrainConfig training;
    private final Buckets buckets;
    private final MostConfig settings;
    private final Most recipe;

    MostRank(TrainTask task, CellCache cache, TrainConfig training) {
        this.task = task;
        this.cache = cache;
        this.training = training;
        buckets = training.bucketTable();
        Map<String, String> objective = task.objective();
        settings = ConfigBinder.bindAmong(MostConfig.class, objective, MostConfig.DEFAULTS);
        CensusFile paired = CensusFile.read(folder(Most.PAIRED), task.data().ofPaired(), buckets);
        recipe = new Most(
                ModelConfig.ofCheckpoint(objective),
                SymbolTable.ofCheckpoint(paired.symbols()),
                ConfigBinder.bindAmong(BestRqConfig.class, objective, BestRqConfig.DEFAULTS),
                ConfigBinder.bindAmong(RnntConfig.class, objective, RnntConfig.DEFAULTS),
                settings,
                ConfigBinder.bindAmong(Augmentation.class, objective, Augmentation.DEFAULTS)
                        .specAugment());
    }

    Most recipe() {
        return recipe;
    }

    Curriculum curriculum() {
        return MostJobConfig.curriculum(settings);
    }

    /** Those that any phase has, speech first. */
    List<Stream> streams(Lake lake, TrainingRows rows) {
        List<Stream> streams = new ArrayList<>();
        Curriculum curriculum = curriculum();
        if (curriculum.has(Most.PAIRED)) {
            BatchSource source = speech(lake, rows, Most.PAIRED, task.data().ofPaired());
            streams.add(Stream.ofSpeech(Most.PAIRED, recipe.paired(), source, training.batches()));
        }
        if (curriculum.has(Most.UNTRANSCRIBED)) {
            BatchSource source =
                    speech(lake, rows, Most.UNTRANSCRIBED, task.data().ofUntranscribed());
            BatchConfig batches = batches(settings.untranscribedBatchSeconds());
            streams.add(Stream.ofSpeech(Most.UNTRANSCRIBED, recipe.untranscribed(), source, batches));
        }
        if (curriculum.has(Most.TEXT)) {
            CensusFile file = CensusFile.read(folder(Most.TEXT), MostCensus.texts(task.data(), buckets, settings));
            Labels texts = Labels.in(CensusTaking.labels(folder(Most.TEXT)).uri(), recipe.symbols());
            BatchSource source = new TextSource(task.data().sentences(), texts, file.census());
            BatchConfig batches = batches(settings.textBatchSeconds());
            streams.add(Stream.ofText(Most.TEXT, recipe.text(), source, batches, settings.layout()));
        }
        return streams;
    }

    private BatchSource speech(Lake lake, TrainingRows rows, String stream, TrainData data) {
        CensusFile file = CensusFile.read(folder(stream), data, buckets);
        BatchSource source = TrainRank.source(lake, rows, data, buckets, file, folder(stream));
        return cache.over(source);
    }

    private BatchConfig batches(double seconds) {
        return new BatchConfig(
                seconds, training.batches().parts(), training.batches().buckets());
    }

    private Folder folder(String stream) {
        return MostCensus.of(task.folder(), stream);
    }
}
