package io.glossa.nst;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.Half;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.OrderHash;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.train.MemorySource;
import io.glossa.trainer.train.Start;
import io.glossa.trainer.train.TrainConfig;
import io.glossa.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Speech of four tones, each a letter or the space, with a recogniser that reads it after a few seconds of training. */
final class TinySpeech {
    static final SymbolTable SYMBOLS = SymbolTable.ofText(" abc");

    private static final int MELS = 8;
    private static final int TONE_FRAMES = 16;
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, MELS, 4);

    private final List<Utterance> utterances = new ArrayList<>();
    private final List<float[]> features = new ArrayList<>();

    TinySpeech(int size, int shortest, int longest, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            int frames = shortest + random.nextInt(longest - shortest + 1);
            int[] labels = random.ints(frames / TONE_FRAMES, 1, SYMBOLS.size()).toArray();
            float[] values = new float[frames * MELS];
            for (int k = 0; k < values.length; k++) {
                int t = k / MELS;
                boolean speaks = t % TONE_FRAMES < 10 && t / TONE_FRAMES < labels.length;
                boolean loud = speaks && k % MELS == labels[t / TONE_FRAMES];
                values[k] = (float) ((loud ? 3 : -1) + 0.3 * random.nextGaussian());
            }
            utterances.add(new Utterance(seed + "-" + i, frames, labels));
            features.add(values);
        }
    }

    int size() {
        return utterances.size();
    }

    Utterance utterance(int index) {
        return utterances.get(index);
    }

    float[] features(int index) {
        return features.get(index);
    }

    /** Trains a recogniser and returns the folder of its checkpoints. */
    Folder teacher(Path folder, int passes) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                Map.of(
                        "batch-seconds", "4.8",
                        "buckets", "80",
                        "learning-rate", "0.02",
                        "passes", Integer.toString(passes)),
                TrainConfig.DEFAULTS);
        List<Example> examples = IntStream.range(0, size())
                .mapToObj(i -> new Example(utterance(i), Half.encode(features(i))))
                .toList();
        Ctc ctc = new Ctc(MODEL, SYMBOLS, false);
        BatchSource source = MemorySource.of(1, examples, config.bucketTable(), ctc);
        try (CpuDevice device = CpuDevice.open(1, CpuDevice.defaultCache(), Dumps.NONE);
                Trainer trainer = Trainer.open(device, ctc, source, config, new Start.Fresh())) {
            trainer.run(trainer.totalSteps(), report -> {});
            Folder run = Folder.of(folder);
            Checkpoints.write(run, trainer.checkpoint(Map.of()));
            return run;
        }
    }

    /** Appends the features of all utterances, the languages in turn. */
    void write(SparkSession spark, Lake lake, String split, String... langs) throws Exception {
        lake.table(LakeTable.FEATURES);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            rows.add(RowFactory.create(
                    utterance(i).id(),
                    langs[i % langs.length],
                    split,
                    utterance(i).frames(),
                    MELS,
                    "fp16",
                    Half.encode(features(i)),
                    "tiny",
                    OrderHash.of(utterance(i).id()),
                    LengthClass.of(utterance(i).frames())));
        }
        String table = "lake.glossa.features";
        spark.createDataFrame(rows, spark.table(table).schema()).writeTo(table).append();
    }

    static SparkSession spark(Lake lake) {
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.default.parallelism", "2");
        lake.sparkConf().forEach(builder::config);
        return builder.getOrCreate();
    }
}
