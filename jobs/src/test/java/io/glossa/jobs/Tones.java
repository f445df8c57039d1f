package io.glossa.jobs;

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
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Utterances of 60 frames that say three letters, each the tone of one mel bin, and a recogniser of them. */
final class Tones {
    private static final SymbolTable SYMBOLS = SymbolTable.ofText("abc");
    private static final int MELS = 8;
    private static final int FRAMES = 60;
    private static final int LETTER_FRAMES = 20;
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, MELS, 4);

    private final List<int[]> labels = new ArrayList<>();

    Tones(int size, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < size; i++) {
            labels.add(random.ints(FRAMES / LETTER_FRAMES, 1, SYMBOLS.size()).toArray());
        }
    }

    int size() {
        return labels.size();
    }

    private float[] features(int index) {
        float[] values = new float[FRAMES * MELS];
        for (int k = 0; k < values.length; k++) {
            int frame = k / MELS;
            boolean speaks = frame % LETTER_FRAMES < 14;
            values[k] = speaks && k % MELS == labels.get(index)[frame / LETTER_FRAMES] ? 3 : -1;
        }
        return values;
    }

    /** Trains a recogniser for some passes. */
    void train(Path folder, int passes) {
        Map<String, String> settings = Map.of(
                "batch-seconds", "6",
                "buckets", "60",
                "learning-rate", "0.02",
                "passes", Integer.toString(passes));
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
        List<Example> examples = IntStream.range(0, size())
                .mapToObj(i -> new Example(new Utterance("u" + i, FRAMES, labels.get(i)), Half.encode(features(i))))
                .toList();
        Ctc ctc = new Ctc(MODEL, SYMBOLS, false);
        BatchSource source = MemorySource.of(1, examples, config.bucketTable(), ctc);
        try (CpuDevice device = CpuDevice.open(1, CpuDevice.defaultCache(), Dumps.NONE);
                Trainer trainer = Trainer.open(device, ctc, source, config, new Start.Fresh())) {
            trainer.run(trainer.totalSteps(), report -> {});
            Checkpoints.write(Folder.of(folder), trainer.checkpoint(Map.of()));
        }
    }

    /** Appends features under the ids {@code <split>-<index>}, the languages in turn. */
    void writeFeatures(SparkSession spark, Lake lake, String split, String... langs) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            String id = split + "-" + i;
            rows.add(RowFactory.create(
                    id,
                    langs[i % langs.length],
                    split,
                    FRAMES,
                    MELS,
                    "fp16",
                    Half.encode(features(i)),
                    "tones",
                    OrderHash.of(id),
                    LengthClass.of(FRAMES)));
        }
        append(spark, lake, LakeTable.FEATURES, rows);
    }

    /** A person's transcript of an utterance. */
    static Row transcript(String id, String lang, String split, String text) {
        return RowFactory.create(id, lang, split, text, text, "human", 0, null, null, null, null, "accepted");
    }

    static void append(SparkSession spark, Lake lake, LakeTable table, List<Row> rows) throws Exception {
        lake.table(table);
        String name = "lake.glossa." + table.tableName();
        spark.createDataFrame(rows, spark.table(name).schema()).writeTo(name).append();
    }
}
