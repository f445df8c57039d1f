package io.glossa.jobs.lineage;

import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.Glossa;
import io.glossa.jobs.cli.Commands;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.text.IngestTextJob;
import io.glossa.jobs.text.TokenizerJob;
import io.glossa.jobs.train.FinetuneConfig;
import io.glossa.jobs.train.FinetuneJob;
import io.glossa.jobs.train.Machine;
import io.glossa.jobs.train.MostJob;
import io.glossa.jobs.train.MostJobConfig;
import io.glossa.jobs.train.PretrainConfig;
import io.glossa.jobs.train.PretrainJob;
import io.glossa.jobs.train.PseudoLabels;
import io.glossa.jobs.train.TinyLake;
import io.glossa.jobs.train.TrainResult;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.OrderHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * A lake of recordings under several licences, on which models were trained: {@code pre}, {@code ctc} from it, {@code pieces} with a tokenizer of its own, {@code student} on
 * human texts and on those by {@code ctc}, {@code average} of that one's checkpoints, and {@code most} from {@code pre}.
 */
final class LineageLake implements AutoCloseable {
    static final List<String> LICENCES = List.of("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-3.0");
    static final String PHASES = "3:paired,6:untranscribed+paired+text";

    private static final List<String> TRAIN = List.of("train");
    private static final Machine ONE = new Machine("cpu", 1, 2, 0, "");
    private static final Machine RANKS = new Machine("cpu", 2, 1, 0, "");

    /** Each recording has two utterances that follow each other in this. */
    private static final List<String> UTTERANCES = List.of(
            "human-0",
            "human-1",
            "human-2",
            "human-3",
            "human-4",
            "human-5",
            "human-6",
            "human-7",
            "human-8",
            "human-9",
            "crowded",
            "silent",
            "long",
            "pseudo-0",
            "pseudo-1",
            "pseudo-2",
            "pseudo-3",
            "pseudo-4",
            "pseudo-5",
            "nobody");

    final Lake lake;
    final SparkSession spark;
    private final Session session;
    private final Path root;

    LineageLake(Path root, long seed) throws IOException {
        this.root = root;
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        recordings(new Random(seed));
        sentences("english", "en", "abc\nabba\nbab\ncaab\n", "CC0-1.0");
        sentences("italian", "it", "bacca\n", "CC-BY-4.0");
        TrainResult pre = PretrainJob.run(
                PretrainConfig.of("xs", pretraining("passes", "2"), List.of("train", "unlabelled"), folder("pre"))
                        .on(RANKS),
                lake,
                spark);
        TrainResult ctc = FinetuneJob.run(
                FinetuneConfig.from(pre.folder(), settings("passes", "2"), TRAIN, folder("ctc"))
                        .on(ONE),
                lake,
                spark);
        TokenizerJob.run(lake, spark, TRAIN, 9, Folder.of(root), "pieces.model");
        FinetuneConfig pieces = FinetuneConfig.of("xs", settings("passes", "1"), TRAIN, folder("pieces"))
                .withTokenizer(root.resolve("pieces.model").toString())
                .on(ONE);
        FinetuneJob.run(pieces, lake, spark);
        labels(ctc.digest());
        FinetuneConfig student = FinetuneConfig.of("xs", settings("passes", "2"), TRAIN, folder("student"))
                .with(new PseudoLabels(2, 2))
                .on(ONE);
        FinetuneJob.run(student, lake, spark);
        Commands.run(
                new Glossa(),
                ("submit average --last 2 --model " + folder("student") + " --out " + folder("average")).split(" "));
        Map<String, String> most = new HashMap<>(settings("phases", PHASES));
        most.putAll(Map.of(
                "untranscribed-batch-seconds", "1.6",
                "text-batch-seconds", "0.8",
                "prediction-width", "6",
                "joint-width", "10"));
        MostJob.run(
                MostJobConfig.from(pre.folder(), most, TRAIN, folder("most"))
                        .hearing(List.of("unlabelled"))
                        .on(RANKS),
                lake,
                spark);
    }

    String location() {
        return root.resolve("lake").toString();
    }

    Folder folder(String model) {
        return Folder.of(root.resolve("lake/models").resolve(model));
    }

    static List<String> utterances(int recording) {
        return UTTERANCES.subList(2 * recording, 2 * recording + 2);
    }

    static int recordingCount() {
        return UTTERANCES.size() / 2;
    }

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = TinyLake.settings(more);
        settings.putAll(Map.of("checkpoint-steps", "3", "parts", "2", "batch-seconds", "1.6"));
        return settings;
    }

    private static Map<String, String> pretraining(String... more) {
        Map<String, String> settings = TinyLake.pretraining(more);
        settings.putAll(settings());
        settings.put(more[0], more[1]);
        return settings;
    }

    private void recordings(Random random) {
        List<Row> recordings = new ArrayList<>();
        List<Row> utterances = new ArrayList<>();
        for (int k = 0; k < recordingCount(); k++) {
            String licence = LICENCES.get(random.nextInt(LICENCES.size()));
            String source = "corpus-" + random.nextInt(2);
            recordings.add(RowFactory.create(
                    "rec-" + k,
                    "audio/" + k + ".wav",
                    1L,
                    "wav",
                    "pcm",
                    16000,
                    1,
                    2.0,
                    false,
                    null,
                    licence,
                    source,
                    "en",
                    "test",
                    0L,
                    null,
                    null));
            for (String id : utterances(k)) {
                utterances.add(RowFactory.create(
                        id,
                        "rec-" + k,
                        "audio/" + k + ".wav",
                        0.0,
                        0.5,
                        0.25 + random.nextInt(8) / 8.0,
                        null,
                        "en",
                        "train",
                        source,
                        licence,
                        new byte[1],
                        OrderHash.of(id),
                        LengthClass.of(50)));
            }
        }
        TinyLake.append(spark, lake, LakeTable.RECORDINGS, recordings);
        TinyLake.append(spark, lake, LakeTable.UTTERANCES, utterances);
    }

    private void sentences(String name, String lang, String text, String licence) throws IOException {
        Path file = Files.writeString(root.resolve(name + ".txt"), text);
        IngestTextJob.run(file.toString(), new TextConfig(lang, "words", licence, 100, 1), lake, spark);
    }

    private void labels(String teacher) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(RowFactory.create(
                    "pseudo-" + i,
                    "en",
                    "unlabelled",
                    "ab",
                    "ab",
                    "pseudo",
                    2,
                    teacher,
                    null,
                    null,
                    null,
                    i == 2 ? "repetition" : "accepted"));
        }
        TinyLake.append(spark, lake, LakeTable.TRANSCRIPTS, rows);
    }

    @Override
    public void close() {
        session.close();
        lake.close();
    }
}
