package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.text.IngestTextJob;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.train.Exposure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder of a run and the lake tell of a training is what its ranks read. */
@Tag("slow")
class RunExposuresTest {
    private static final List<String> TRAIN = List.of("train");
    private static final Machine RANKS = new Machine("cpu", 2, 1, 0, "");
    private static final Machine ONE = new Machine("cpu", 1, 2, 0, "");

    /** But for one step nothing is finite: each is left out, and each rank says what it read in it. */
    private static final Map<String, String> BLOWN = Map.of(
            "learning-rate", "1e30",
            "skip-share", "1",
            "parts", "3",
            "seed", "11");

    private static final Pattern LEFT_OUT = Pattern.compile("left out step (\\d+): .*; rank \\d+ had utterances (.*)");

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        Path english = Files.writeString(root.resolve("english.txt"), "abc\nabba\nbab\ncaab\n");
        IngestTextJob.run(english.toString(), new TextConfig("en", "words", "CC0-1.0", 100, 1), lake, spark);
        Path italian = Files.writeString(root.resolve("italian.txt"), "bacca\n");
        IngestTextJob.run(italian.toString(), new TextConfig("it", "words", "CC0-1.0", 100, 1), lake, spark);
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void ofBestRq() {
        Map<String, String> set = TinyLake.pretraining("passes", "3", "buckets", "40,80");
        set.putAll(BLOWN);
        PretrainConfig config = PretrainConfig.of("xs", set, List.of("train", "unlabelled"), run())
                .on(RANKS);

        assertSame(() -> PretrainJob.run(config, lake, spark), Map.of("untranscribed", 18));
    }

    @Test
    void ofCtcWithPseudoLabels() {
        Map<String, String> set = TinyLake.settings("passes", "3");
        set.putAll(BLOWN);
        FinetuneConfig config = FinetuneConfig.of("xs", set, TRAIN, run())
                .with(new PseudoLabels(1, 1))
                .on(RANKS);

        assertSame(() -> FinetuneJob.run(config, lake, spark), Map.of("paired", 14));
    }

    @Test
    void ofTheStreamsOfMost() {
        Map<String, String> set = new HashMap<>(TinyLake.pretraining(
                "phases", "5:paired,4:untranscribed+paired,9:paired+text+untranscribed",
                "untranscribed-batch-seconds", "1.6",
                "text-batch-seconds", "0.8",
                "text-temperature", "1",
                "prediction-width", "6",
                "joint-width", "10"));
        set.putAll(BLOWN);
        MostJobConfig config = MostJobConfig.of("xs", set, TRAIN, run())
                .hearing(List.of("unlabelled"))
                .on(RANKS);

        assertSame(() -> MostJob.run(config, lake, spark), Map.of("paired", 11, "untranscribed", 6, "text", 5));
    }

    /** Weights, a resume, and a checkpoint on the way. */
    @Test
    void copiesCountAndACheckpointKnowsNothingOfWhatFollows() {
        TrainResult first = null;
        TrainResult second = null;
        for (String passes : List.of("1", "2")) {
            FinetuneConfig config = FinetuneConfig.of("xs", TinyLake.settings("passes", passes), TRAIN, run())
                    .with(new PseudoLabels(1, 2))
                    .on(ONE);
            first = second;
            second = FinetuneJob.run(config, lake, spark);
        }
        Map<String, Exposure> before = paired(first.checkpoint());
        Map<String, Exposure> after = paired(second.checkpoint());

        assertThat(after).hasSize(14);
        after.forEach((id, exposure) -> {
            int copies = id.startsWith("pseudo") ? 2 : 1;
            assertThat(exposure.count()).as(id).isEqualTo(2 * copies);
            assertThat(before.get(id)).isEqualTo(new Exposure(true, exposure.first(), copies));
        });
        long passed = first.steps();
        assertThat(after.values()).allMatch(exposure -> exposure.first() <= passed);
        RunExposures.OfStream stream = exposures(second.checkpoint()).streams().get(0);
        assertThat(stream.of(Set.of("human-3", "pseudo-0", "long", "nobody")))
                .isEqualTo(Map.of("human-3", after.get("human-3"), "pseudo-0", after.get("pseudo-0")));
    }

    @Test
    void withoutTheCensusOfItsDataNothingIsTold() {
        Map<String, String> set = TinyLake.pretraining("passes", "1");
        TrainResult result =
                PretrainJob.run(PretrainConfig.of("xs", set, TRAIN, run()).on(ONE), lake, spark);
        CheckpointMeta meta = Checkpoints.meta(result.checkpoint());

        assertThatThrownBy(() -> RunExposures.of(lake, Folder.of(folder), meta)).hasMessageContaining("Cannot read");
    }

    private Folder run() {
        return Folder.of(folder.resolve("run"));
    }

    private Map<String, Exposure> paired(Folder checkpoint) {
        return exposures(checkpoint).streams().get(0).all();
    }

    private RunExposures exposures(Folder checkpoint) {
        return RunExposures.of(lake, run(), Checkpoints.meta(checkpoint));
    }

    /** @param sizes how many of each stream are read in all steps but the first */
    private void assertSame(Supplier<TrainResult> training, Map<String, Integer> sizes) {
        PrintStream standard = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        TrainResult result;
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            result = training.get();
        } finally {
            System.setErr(standard);
        }
        CheckpointMeta meta = withoutFirst(Checkpoints.meta(result.checkpoint()));
        Map<String, Map<String, Exposure>> told = new TreeMap<>();
        RunExposures.of(lake, run(), meta).streams().forEach(stream -> told.put(stream.name(), learned(stream.all())));

        assertThat(told).isEqualTo(written(said.toString(StandardCharsets.UTF_8), told.keySet()));
        told.forEach((stream, utterances) -> assertThat(utterances).as(stream).hasSize(sizes.get(stream)));
    }

    private static Map<String, Exposure> learned(Map<String, Exposure> all) {
        Map<String, Exposure> learned = new TreeMap<>();
        all.forEach((id, exposure) -> learned.put(id, new Exposure(false, exposure.first(), exposure.count())));
        learned.values().removeIf(exposure -> exposure.count() == 0);
        return learned;
    }

    private static Map<String, Map<String, Exposure>> written(String said, Set<String> streams) {
        Map<String, Map<String, Exposure>> found = new TreeMap<>();
        said.lines().map(LEFT_OUT::matcher).filter(Matcher::find).forEach(line -> {
            for (String name :
                    line.group(2).isEmpty() ? new String[0] : line.group(2).split(" ")) {
                String[] parts = name.contains("/") ? name.split("/") : new String[] {first(streams), name};
                found.computeIfAbsent(parts[0], stream -> new TreeMap<>())
                        .merge(parts[1], new Exposure(false, Long.parseLong(line.group(1)), 1), Exposure::and);
            }
        });
        return found;
    }

    private static String first(Set<String> streams) {
        return streams.iterator().next();
    }

    /** The same as if the steps that were left out had changed something, and the other one not. */
    private static CheckpointMeta withoutFirst(CheckpointMeta meta) {
        Map<String, String> lineage = new LinkedHashMap<>(meta.lineage());
        List<String> left = List.of(lineage.get("glossa.skipped-steps").split(","));
        assertThat(left).hasSize((int) meta.step() - 1);
        String changed = LongStream.rangeClosed(1, meta.step())
                .mapToObj(Long::toString)
                .filter(step -> !left.contains(step))
                .findFirst()
                .orElseThrow();
        lineage.put("glossa.skipped-steps", changed);
        return new CheckpointMeta(
                meta.step(), meta.kind(), meta.config(), meta.cursor(), meta.metrics(), lineage, meta.base());
    }
}
