package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.Lineage;
import io.glossa.storage.OrderHash;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.lake.LakeSource;
import io.glossa.trainer.lake.StoredFeatures;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a training takes from its beginning to the end of its first step, and what its loader holds, by the table's size. */
@Tag("slow")
class FirstStepTest {
    private static final int MELS = 32;
    private static final int STEPS = 20;
    private static final double MEDIAN_SECONDS = 11;
    private static final double SPREAD = 0.4;

    /** One to four are usual on two cores, and to read all of the table would take much longer than this. */
    private static final double MORE_SECONDS = 10;

    /** What is read ahead of five buckets, and a cell of each; of 100 hours there are more than 2 GB. */
    private static final double MOST_MB = 150;

    private record Measured(long utterances, double firstSeconds, double loaderMb) {}

    @TempDir
    Path folder;

    @Test
    void aHundredHoursAreNotReadBeforeTheFirstStep() throws NoSuchTableException {
        measured("warm", 1); // compiles, and has Java compile
        Measured small = measured("small", 1);
        Measured large = measured("large", 100);

        assertThat(large.utterances()).isGreaterThan(30_000);
        assertThat(large.firstSeconds()).isLessThan(small.firstSeconds() + MORE_SECONDS);
        assertThat(large.loaderMb()).isLessThan(MOST_MB);
    }

    private Measured measured(String name, int hours) throws NoSuchTableException {
        PretrainConfig config = PretrainConfig.of(
                "xs",
                TinyLake.pretraining(
                        "mels", Integer.toString(MELS), "buckets", "600,900,1200,1800,3000", "batch-seconds", "40"),
                List.of("train"),
                Folder.of(folder.resolve(name + "-run")));
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve(name)))) {
            TrainData data;
            double counting;
            try (Session session = Session.open("test", lake)) {
                fill(session.spark(), lake, (int) (hours * 3600 / MEDIAN_SECONDS));
                long began = System.nanoTime();
                data = counted(session.spark(), lake, config);
                counting = seconds(began);
            }
            Measured trained = trained(lake, config, data, counting);
            System.out.printf(
                    Locale.ROOT,
                    "%d h, %,d utterances: first step after %.1f s, the loader holds %.0f MB after %d%n",
                    hours,
                    trained.utterances(),
                    trained.firstSeconds(),
                    trained.loaderMb(),
                    STEPS);
            return trained;
        }
    }

    private static TrainData counted(SparkSession spark, Lake lake, PretrainConfig config) {
        long snapshot = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        FrontEnd frontEnd = FrontEndChoice.ONLY.in(lake, snapshot, PretrainJob.NAME, MELS);
        TrainData data = new TrainData(
                "bestrq",
                FeatureOrigin.STORED,
                snapshot,
                frontEnd,
                0,
                config.splits(),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
        Lineage lineage = new Lineage("train", "run", "key", data.inputs(), "c", "v", null);
        CensusTaking.of(spark, lake, lineage, data, config.training().bucketTable(), config.folder());
        return data;
    }

    /** Keeps no cells, as if nothing fitted into memory for good. */
    private static Measured trained(Lake lake, PretrainConfig config, TrainData data, double counting) {
        double before = usedMb();
        long began = System.nanoTime();
        Buckets buckets = config.training().bucketTable();
        Census census = CensusFile.read(config.folder(), data, buckets).census();
        TrainingRows rows = new StoredFeatures(data.frontEnd().digest());
        BatchSource source = LakeSource.unlabelled(
                lake, rows, data.features(), config.splits(), buckets, census, LakeSource.Exceptions.NONE);
        Start start = Start.of(Optional.empty(), Optional.empty(), Optional.empty());
        try (Device device = new Machine("cpu", 1, 1, 0, "")
                        .request(Precision.FP32, "")
                        .open();
                Trainer trainer = Trainer.open(
                        device, new BestRq(config.model(), config.masks()), source, config.training(), start)) {
            trainer.run(1, step -> {});
            double first = counting + seconds(began);
            trainer.run(STEPS - 1, step -> {});
            return new Measured(census.utterances(), first, usedMb() - before);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }

    private static double usedMb() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20);
    }

    /** Noise of lengths that are spread as those of read sentences are. */
    private static void fill(SparkSession spark, Lake lake, int utterances) throws NoSuchTableException {
        lake.table(LakeTable.FEATURES);
        String table = Lake.nameOf(LakeTable.FEATURES);
        StructType schema = spark.table(table).schema();
        spark.range(0, utterances, 1, 16)
                .map((MapFunction<Long, Row>) FirstStepTest::noise, Encoders.row(schema))
                .writeTo(table)
                .append();
    }

    private static Row noise(long number) {
        Random random = new Random(number);
        String id = "noise-" + number;
        double seconds = Math.min(30, Math.max(1, MEDIAN_SECONDS * Math.exp(SPREAD * random.nextGaussian())));
        int frames = (int) (seconds * Bucket.FRAMES_PER_SECOND);
        byte[] logmel = new byte[2 * MELS * frames];
        random.nextBytes(logmel);
        for (int i = 1; i < logmel.length; i += 2) {
            logmel[i] &= (byte) 0xBF; // between -2 and 2, and finite
        }
        return RowFactory.create(
                id, "en", "train", frames, MELS, "fp16", logmel, "noise", OrderHash.of(id), LengthClass.of(frames));
    }
}
