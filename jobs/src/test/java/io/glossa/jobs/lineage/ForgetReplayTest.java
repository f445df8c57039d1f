package io.glossa.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.Printed;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.text.IngestTextJob;
import io.glossa.jobs.train.FinetuneConfig;
import io.glossa.jobs.train.FinetuneJob;
import io.glossa.jobs.train.Machine;
import io.glossa.jobs.train.MostJob;
import io.glossa.jobs.train.MostJobConfig;
import io.glossa.jobs.train.PretrainConfig;
import io.glossa.jobs.train.PretrainJob;
import io.glossa.jobs.train.Replay;
import io.glossa.jobs.train.RunExposures;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.train.Exposure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained again without something is, to the bit, what would have been trained without it from the start. */
@Tag("slow")
class ForgetReplayTest {
    private static final List<String> TRAIN = List.of("train");
    private static final Machine RANKS = new Machine("cpu", 2, 1, 0, "");
    private static final Machine ONE = new Machine("cpu", 1, 2, 0, "");

    @TempDir
    Path root;

    private Lake lake;

    @AfterEach
    void close() {
        lake.close();
    }

    /** Statistics are of some hundred utterances, so that one of the others has a checkpoint before it. */
    @Test
    void bestRq() throws Exception {
        PretrainConfig config;
        try (Session session = open()) {
            TinyLake.more(session.spark(), lake, 700);
            utterances(session.spark());
            config = PretrainConfig.of("xs", settings("batch-seconds", "12.8", "passes", "2"), TRAIN, folder("pre"))
                    .on(RANKS);
            PretrainJob.run(config, lake, session.spark());
        }
        long last = Checkpoints.meta(Checkpoints.latest(folder("pre")).orElseThrow())
                .step();
        String id = exposures("pre").entrySet().stream()
                .filter(each -> !each.getValue().statistics()
                        && each.getValue().first() > 5
                        && each.getValue().first() < last / 2)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElseThrow();
        long first = exposures("pre").get(id).first();

        JsonNode report = forgetAndTrainAgain(id, Map.of("pre", first), Map.of("pre", Optional.empty()));

        String again = report.get("replayed").get(0).get("again").asText();
        for (Folder step : Checkpoints.finished(folder(again))) {
            step.remove();
        }
        JsonNode later = forget("--request " + report.get("request").asText());
        assertThat(later.get("replayed"))
                .as("interrupted before its first checkpoint")
                .isEqualTo(report.get("replayed"));

        try (Session session = Session.open("test", lake)) {
            assertThatThrownBy(() -> PretrainJob.run(config, lake, session.spark()))
                    .hasMessageContaining("Cannot resume pretrain in " + folder("pre") + ": on ")
                    .hasMessageContaining("forgotten at somebody's request");
        }
    }

    @Test
    void ctcAndMost() throws Exception {
        Folder pre = folder("pre");
        try (Session session = open()) {
            SparkSession spark = session.spark();
            utterances(spark);
            Path text = Files.writeString(root.resolve("text.txt"), "abc\nabba\nbab\ncaab\n");
            IngestTextJob.run(text.toString(), new TextConfig("en", "words", "CC0-1.0", 100, 1), lake, spark);
            PretrainJob.run(
                    PretrainConfig.of("xs", settings("passes", "1"), List.of("unlabelled"), pre)
                            .on(ONE),
                    lake,
                    spark);
            FinetuneJob.run(
                    FinetuneConfig.from(pre, TinyLake.settings(training("passes", "2")), TRAIN, folder("ctc"))
                            .on(ONE),
                    lake,
                    spark);
            Map<String, String> most =
                    new HashMap<>(TinyLake.settings(training("phases", "2:paired,5:untranscribed+paired+text")));
            most.putAll(Map.of(
                    "untranscribed-batch-seconds", "1.6",
                    "text-batch-seconds", "0.8",
                    "prediction-width", "6",
                    "joint-width", "10"));
            MostJob.run(
                    MostJobConfig.from(pre, most, TRAIN, folder("most"))
                            .hearing(List.of("unlabelled"))
                            .on(RANKS),
                    lake,
                    spark);
        }
        Map<String, Exposure> ctc = exposures("ctc");
        Map<String, Exposure> most = exposures("most");
        String id = ctc.keySet().stream()
                .filter(each -> ctc.get(each).first() > 1 && most.get(each).first() > 1)
                .sorted()
                .findFirst()
                .orElseThrow();
        Optional<Folder> init = Checkpoints.latest(pre);

        forgetAndTrainAgain(
                id,
                Map.of("ctc", ctc.get(id).first(), "most", most.get(id).first()),
                Map.of("ctc", init, "most", init));

        assertThat(said("lineage ask recording rec-" + id + ".wav --lake " + root.resolve("lake")))
                .contains("ctc/step-", "most/step-")
                .doesNotContain("-without-", "not known");
        assertThat(said("lineage ask model ctc --lake " + root.resolve("lake"))).doesNotContain("not known");
    }

    /**
     * Forgets it, with history, and compares what is trained again with what never had it.
     *
     * @param firsts the step of each training that learned from it first
     */
    private JsonNode forgetAndTrainAgain(String id, Map<String, Long> firsts, Map<String, Optional<Folder>> inits)
            throws Exception {
        Map<String, CheckpointMeta> metas = new TreeMap<>();
        Map<String, String> digests = new TreeMap<>();
        for (String name : firsts.keySet()) {
            Folder step = Checkpoints.latest(folder(name)).orElseThrow();
            metas.put(name, Checkpoints.meta(step));
            digests.put(name, Checkpoints.digest(step));
        }
        JsonNode report = forget("rec-" + id + ".wav");
        assertThat(report.get("replayed")).hasSize(firsts.size());
        try (Session session = Session.open("test", lake)) {
            for (JsonNode replayed : report.get("replayed")) {
                String name = replayed.get("run").asText();
                assertThat(replayed.get("from").asLong()).isEqualTo(firsts.get(name) - 1);
                Replay whole = new Replay(
                        folder(name),
                        metas.get(name),
                        Optional.empty(),
                        inits.get(name),
                        folder(name + "-arm"),
                        Optional.empty());
                assertThat(replayed.get("digest").asText())
                        .isEqualTo(whole.run(session.spark(), lake).digest())
                        .isNotEqualTo(digests.get(name));
                assertThat(folder(replayed.get("again").asText()).names()).contains("forgotten.json");
            }
        }
        try (Stream<Path> files = Files.walk(root.resolve("lake/models"))) {
            assertThat(files.filter(file -> file.toString().contains("labels-next")))
                    .isEmpty();
        }
        return report;
    }

    /** The report. */
    private JsonNode forget(String what) throws Exception {
        Path out = Files.createTempDirectory(root, "report");
        String said =
                said("lineage forget " + what + " --yes --replay --report " + out + " --lake " + root.resolve("lake"));
        assertThat(out.resolve("report.html")).as(said).exists();
        return new ObjectMapper().readTree(out.resolve("report.json").toFile());
    }

    private Session open() {
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        Session session = Session.open("test", lake);
        TinyLake.fill(session.spark(), lake);
        return session;
    }

    /** Each in a recording of its own. */
    private void utterances(SparkSession spark) {
        List<String> ids = spark.table("lake.glossa.features").select("utterance_id").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
        List<Row> utterances = ids.stream()
                .map(id -> TinyLake.utterance(id, "rec-" + id, "ann", "a", "CC0"))
                .toList();
        List<Row> recordings = ids.stream()
                .map(id -> TinyLake.recording("rec-" + id, "a", "CC0"))
                .toList();
        TinyLake.append(spark, lake, LakeTable.UTTERANCES, utterances);
        TinyLake.append(spark, lake, LakeTable.RECORDINGS, recordings);
    }

    private Folder folder(String model) {
        return Folder.of(root.resolve("lake/models").resolve(model));
    }

    private Map<String, Exposure> exposures(String model) {
        Folder step = Checkpoints.latest(folder(model)).orElseThrow();
        return RunExposures.of(lake, folder(model), Checkpoints.meta(step))
                .streams()
                .get(0)
                .all();
    }

    private static String[] training(String... more) {
        return Stream.concat(
                        Stream.of("parts", "2", "batch-seconds", "1.6", "checkpoint-steps", "1", "keep-last", "100"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static Map<String, String> settings(String... more) {
        return TinyLake.pretraining(training(more));
    }

    private static String said(String line) {
        return Printed.by(line.split(" ")).text();
    }
}
