package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.text.TextNormalizer;
import io.glossa.trainer.objective.SymbolTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels as real Spark tasks in a real lake, by a teacher trained on the spot. */
class LabelStageTest {
    private static final int SEED = 7;
    private static final TinySpeech SPEECH = new TinySpeech(60, 32, 80, SEED);
    private static final FilterConfig FILTERS = new FilterConfig(0.9, 1, 12, 3);

    @TempDir
    static Path folder;

    private static Lake lake;
    private static SparkSession spark;
    private static Teacher teacher;
    private static long features;

    @BeforeAll
    static void prepare() throws Exception {
        System.out.println("seed " + SEED);
        teacher = Teacher.of(SPEECH.teacher(folder.resolve("teacher"), 30));
        lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
        spark = TinySpeech.spark(lake);
        SPEECH.write(spark, lake, "unlabelled", "en", "it");
        new TinySpeech(3, 32, 80, 8).write(spark, lake, "test", "en");
        features = RecognizeStage.snapshot(lake, LakeTable.FEATURES, OptionalLong.empty());
    }

    @AfterAll
    static void close() {
        spark.stop();
        lake.close();
    }

    @Test
    void labelsLandOnceWithTheirLineage() {
        LabelConfig config = config(1, FILTERS);
        LabelSummary first = label(config);
        List<Row> rows = rows(1);

        assertThat(first.utterances()).isEqualTo(60);
        assertThat(rows).hasSize(60).allSatisfy(row -> {
            assertThat(row.<String>getAs("split")).isEqualTo("unlabelled");
            assertThat(row.<String>getAs("teacher")).isEqualTo(teacher.digest());
            assertThat(row.<Double>getAs("score")).isNegative();
            assertThat(row.<Double>getAs("confidence")).isBetween(0.0, 1.0);
        });
        Lineage lineage = Lineage.of(lake.table(LakeTable.TRANSCRIPTS).snapshot(first.snapshot()))
                .orElseThrow();
        assertThat(lineage.inputs()).containsExactly(Map.entry("features", features));
        assertThat(lineage.modelDigest()).isEqualTo(teacher.digest());
        assertThat(lineage.run()).isEqualTo("run-1");

        LabelSummary again = label(config);
        assertThat(again.added()).isZero();
        assertThat(again).usingRecursiveComparison().ignoringFields("added").isEqualTo(first);
        assertThat(rows(1)).containsExactlyElementsOf(rows);
    }

    @Test
    void verdictsEqualTheYieldsAndTheTextsAreTheTeachers() {
        LabelSummary summary = label(config(1, FILTERS));
        List<Row> rows = rows(1);

        Map<String, Long> verdicts = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.<String>getAs("lang") + " " + row.<String>getAs("verdict"), Collectors.counting()));
        Map<String, Long> yields = summary.yields().stream()
                .collect(Collectors.toMap(yield -> yield.lang() + " " + yield.verdict(), FilterYield::utterances));
        assertThat(yields).isEqualTo(verdicts).hasSizeGreaterThan(2);
        assertThat(summary.accepted()).isBetween(10L, 59L);
        assertThat(summary.yields().stream().mapToDouble(FilterYield::seconds).sum())
                .isCloseTo(summary.audioSeconds(), within(1e-9));

        Map<String, String> said = new HashMap<>();
        for (int i = 0; i < SPEECH.size(); i++) {
            SymbolTable symbols = TinySpeech.SYMBOLS;
            String text = symbols.decode(SPEECH.utterance(i).labels());
            said.put(SPEECH.utterance(i).id(), TextNormalizer.normalize(text));
        }
        long right = rows.stream()
                .filter(row -> said.get(row.<String>getAs("utterance_id")).equals(row.<String>getAs("text")))
                .count();
        assertThat(right).isGreaterThan(30);
        assertThat(rows).allSatisfy(row -> {
            String text = row.getAs("text");
            assertThat(TextNormalizer.normalize(text)).isEqualTo(text);
        });
    }

    @Test
    void otherFiltersInTheSameGenerationAreRefused() {
        label(config(3, FILTERS));
        FilterConfig other = new FilterConfig(0.1, 1, 12, 3);

        assertThatThrownBy(() -> label(config(3, other)))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("generation 3")
                .hasMessageContaining("run-3");
        assertThat(rows(3)).hasSize(60);
    }

    @Test
    void newUtterancesAreAddedAndTooLongOnesRejected() throws Exception {
        LabelConfig before = new LabelConfig(List.of("late"), 6, features, FILTERS);
        assertThat(label(before).utterances()).isZero();

        new TinySpeech(4, 32, 80, 9).write(spark, lake, "late", "ru");
        assertThat(label(late()).added()).isEqualTo(4);

        TinySpeech more = new TinySpeech(3, 3300, 3400, 10);
        more.write(spark, lake, "late", "ru");
        LabelSummary summary = label(late());
        assertThat(summary.added()).isZero();
        assertThat(summary.utterances()).isEqualTo(4);
        assertThat(summary.rejected()).containsExactly(Map.entry(LabelStage.TOO_LONG, 3L));
        assertThat(spark.table("lake.glossa.rejects")
                        .where("stage = 'label' and code = 'too-long'")
                        .count())
                .isEqualTo(3);
        assertThat(rows(6)).hasSize(4);
    }

    @Test
    void whatIsLeftOutIsCountedAndNotHeard() {
        LabelConfig config = new LabelConfig(List.of("unlabelled"), 7, features, FILTERS, "consent");
        Dataset<Row> without = spark.sql("SELECT utterance_id, 'consent-revoked' AS code, 'why' AS detail FROM"
                + " lake.glossa.features WHERE split = 'unlabelled' ORDER BY utterance_id LIMIT 5");

        LabelSummary summary = LabelStage.run(
                spark,
                lake,
                config,
                teacher,
                LabelStage.lineage(config, teacher, "run-7", "test"),
                Optional.of(without));

        assertThat(summary.added()).isEqualTo(55);
        assertThat(summary.rejected()).isEqualTo(Map.of("consent-revoked", 5L));
        List<String> left =
                without.collectAsList().stream().map(row -> row.getString(0)).toList();
        assertThat(rows(7))
                .extracting(row -> row.<String>getAs("utterance_id"))
                .hasSize(55)
                .doesNotContainAnyElementsOf(left);
        assertThat(spark.table("lake.glossa.rejects")
                        .where("stage = 'label' and code = 'consent-revoked'")
                        .count())
                .isEqualTo(5);
    }

    private static LabelConfig late() {
        long now = RecognizeStage.snapshot(lake, LakeTable.FEATURES, OptionalLong.empty());
        return new LabelConfig(List.of("late"), 6, now, FILTERS);
    }

    @Test
    void aRunKilledHalfwayLeavesNothingAndRunsAgain() throws Exception {
        Process child = new ProcessBuilder(command(folder.resolve("lake"), folder.resolve("teacher")))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
        assertThat(child.waitFor()).as(() -> read(folder.resolve("child.log"))).isEqualTo(128 + 9);
        assertThat(rows(4)).isEmpty();

        assertThat(label(config(4, FILTERS)).added()).isEqualTo(60);
        label(config(1, FILTERS));
        assertThat(withoutGeneration(rows(4))).containsExactlyElementsOf(withoutGeneration(rows(1)));
    }

    /** Labels generation 4 and kills itself when the first utterances are recognised. */
    static final class Child {
        public static void main(String[] args) {
            Lake lake = Lake.open(LakeConfig.local(Path.of(args[0])));
            SparkSession spark = TinySpeech.spark(lake);
            spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                    if (end.taskMetrics().outputMetrics().recordsWritten() > 0) {
                        kill();
                    }
                }
            });
            long features = RecognizeStage.snapshot(lake, LakeTable.FEATURES, OptionalLong.empty());
            LabelConfig config = new LabelConfig(List.of("unlabelled"), 4, features, FILTERS);
            Teacher teacher = Teacher.of(new Folder(args[1]));
            LabelStage.run(spark, lake, config, teacher, LabelStage.lineage(config, teacher, "run-4", "test"));
        }

        private static void kill() {
            try {
                String self = Long.toString(ProcessHandle.current().pid());
                new ProcessBuilder("bash", "-c", "kill -9 " + self).start().waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<String> command(Path... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Child.class.getName()));
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        return command;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static LabelConfig config(int generation, FilterConfig filters) {
        return new LabelConfig(List.of("unlabelled"), generation, features, filters);
    }

    private static LabelSummary label(LabelConfig config) {
        String run = "run-" + config.generation();
        return LabelStage.run(spark, lake, config, teacher, LabelStage.lineage(config, teacher, run, "test"));
    }

    private static List<Row> rows(int generation) {
        return spark.table("lake.glossa.transcripts")
                .where("generation = " + generation)
                .orderBy("utterance_id")
                .collectAsList();
    }

    private static List<String> withoutGeneration(List<Row> rows) {
        return rows.stream()
                .map(row -> row.<String>getAs("utterance_id") + " " + row.<String>getAs("text") + " "
                        + row.<Double>getAs("score") + " " + row.<Double>getAs("confidence") + " "
                        + row.<String>getAs("verdict"))
                .toList();
    }
}
