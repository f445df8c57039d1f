package io.glossa.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.jobs.Printed;
import io.glossa.storage.LakeTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions that the seed draws, on a lake with trainings, answered as going through everything answers them. */
@Tag("slow")
class LineageQuestionsTest {
    private static final long SEED = new Random().nextLong();
    private static final int QUESTIONS = 12;

    @TempDir
    static Path root;

    private static LineageLake lake;
    private static List<BruteForce.Had> all;
    private static List<String> models;
    private static Map<String, List<Object>> facts;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void open() throws Exception {
        System.out.println("seed " + SEED);
        lake = new LineageLake(root, SEED);
        BruteForce force = new BruteForce(lake);
        all = force.all();
        models = force.models();
        facts = force.facts();
    }

    @AfterAll
    static void close() {
        lake.close();
    }

    @Test
    void theModelsAreThere() {
        assertThat(models).hasSizeGreaterThan(10);
        assertThat(all).extracting(BruteForce.Had::way).contains(Way.values());
        assertThat(all)
                .extracting(had -> had.path().stream()
                        .map(step -> step.replaceAll("/.*", ""))
                        .toList())
                .contains(List.of("average of student", "texts by ctc", "started from pre"));
    }

    @Test
    void whoSawARecording() throws Exception {
        for (int k = 0; k < LineageLake.recordingCount(); k++) {
            List<String> utterances = LineageLake.utterances(k);
            Map<List<Object>, List<Long>> expected = new TreeMap<>(Comparator.comparing(Object::toString));
            all.stream()
                    .filter(had -> utterances.contains(had.id()))
                    .forEach(had -> expected.merge(
                            List.of(had.model(), had.path(), had.way().toString()),
                            List.of(1L, had.first(), had.count()),
                            (a, b) -> List.of(a.get(0) + b.get(0), Math.min(a.get(1), b.get(1)), a.get(2) + b.get(2))));
            Map<List<Object>, List<Long>> found = new TreeMap<>(Comparator.comparing(Object::toString));
            JsonNode answer = json("recording " + (random.nextBoolean() ? "rec-" + k : k + ".wav"));
            for (JsonNode seen : answer.get("models")) {
                found.put(
                        List.of(
                                seen.get("model").asText(),
                                texts(seen.get("path")),
                                seen.get("way").asText()),
                        List.of(
                                seen.get("utterances").asLong(),
                                seen.get("first_step").asLong(),
                                seen.get("times").asLong()));
            }
            assertThat(found).as("seed %d, recording %d", SEED, k).isEqualTo(expected);
            assertThat(answer.get("unknown")).isEmpty();
        }
    }

    @Test
    void whatWentIntoAModel() throws Exception {
        for (int i = 0; i < QUESTIONS; i++) {
            String model = models.get(random.nextInt(models.size()));
            JsonNode answer = json("model " + model);
            assertThat(portions(answer)).as("seed %d, %s", SEED, model).isEqualTo(portions(model, null));
            assertThat(answer.get("unknown")).isEmpty();
            assertThat(taught(answer)).as("seed %d, %s", SEED, model).isEqualTo(taught(model));
        }
    }

    @Test
    void whatALicenceReaches() throws Exception {
        for (int i = 0; i < QUESTIONS; i++) {
            String model = models.get(random.nextInt(models.size()));
            String licence = i == 0 ? "MIT" : LineageLake.LICENCES.get(random.nextInt(3));
            JsonNode answer = json("licence " + licence + " " + model);
            Map<String, String> expected = portions(model, licence);
            assertThat(portions(answer))
                    .as("seed %d, %s, %s", SEED, model, licence)
                    .isEqualTo(expected);
            assertThat(answer.get("reaches").asBoolean()).isEqualTo(!expected.isEmpty());
        }
    }

    @Test
    void whatChangedBetweenSnapshots() throws Exception {
        long before = lake.lake.snapshot(LakeTable.RECORDINGS).orElseThrow();
        lake.spark.sql("DELETE FROM lake.glossa.recordings WHERE id = 'rec-9'");
        lake.spark.sql(
                "INSERT INTO lake.glossa.recordings SELECT 'rec-10', 'audio/10.wav', bytes, container, codec, sample_rate,"
                        + " channels, duration_s, partial, warning, 'MIT', source, lang, ingest_run, modified_ms, domain, listed"
                        + " FROM lake.glossa.recordings WHERE id = 'rec-1'");
        long between = lake.lake.snapshot(LakeTable.RECORDINGS).orElseThrow();
        lake.spark.sql("UPDATE lake.glossa.recordings SET lang = 'it' WHERE id IN ('rec-2', 'rec-10')");

        JsonNode whole = json("changes recordings --from " + before);
        assertThat(texts(whole.get("added"))).containsExactly("rec-10");
        assertThat(texts(whole.get("removed"))).containsExactly("rec-9");
        assertThat(texts(whole.get("changed"))).containsExactly("rec-2");
        assertThat(whole.get("commits")).hasSize(3);
        JsonNode half = json("changes recordings --from " + before + " --to " + between);
        assertThat(texts(half.get("added"))).containsExactly("rec-10");
        assertThat(texts(half.get("changed"))).isEmpty();
        assertThat(said("lineage ask changes recordings --lake " + lake.location()))
                .contains("0 rows added", "2 rows changed: rec-10, rec-2", "not by a job of Glossa's");
        JsonNode sentences = json("changes sentences");
        assertThat(texts(sentences.get("added"))).hasSize(1);
        assertThat(sentences.get("commits").get(0).get("job").asText()).isEqualTo("ingest-text");
        assertThat(said("lineage ask recording rec-9 --lake " + lake.location()))
                .as("gone from the table, and not from its history")
                .contains("audio/9.wav: 2 utterances");
    }

    @Test
    void answersAreWordsToo() {
        assertThat(said("lineage ask model average --lake " + lake.location()))
                .contains("average/step-", "average of student/step-", "tokenizer's texts", "hours learned");
        assertThat(said("lineage ask licence MIT pre --lake " + lake.location()))
                .contains("no: MIT does not reach pre/step-");
        assertThat(said("lineage ask model nothing --lake " + lake.location()))
                .contains("Cannot tell about model 'nothing': found 0 of the name");
        assertThat(said("lineage ask recording wav --lake " + lake.location()))
                .contains("Cannot tell about recording 'wav': found 0 recordings");
    }

    private static Map<String, String> portions(JsonNode answer) {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode portion : answer.get("portions")) {
            found.put(
                    key(
                            texts(portion.get("path")),
                            portion.get("way").asText(),
                            portion.get("teacher").asText(),
                            portion.get("licence").asText(),
                            portion.get("source").asText(),
                            portion.get("lang").asText()),
                    portion.get("rows").asLong() + " " + portion.get("seconds").asDouble() + " "
                            + portion.get("learned_seconds").asDouble());
        }
        return found;
    }

    private static Map<String, String> portions(String model, String licence) {
        Map<String, double[]> sums = new TreeMap<>();
        for (BruteForce.Had had : all) {
            List<Object> fact = facts.get(had.id());
            if (had.model().equals(model) && (licence == null || licence.equals(fact.get(0)))) {
                String key = key(
                        had.path(),
                        had.way().toString(),
                        had.teacher(),
                        fact.get(0).toString(),
                        fact.get(1).toString(),
                        fact.get(2).toString());
                double[] sum = sums.computeIfAbsent(key, k -> new double[3]);
                sum[0]++;
                sum[1] += (double) fact.get(3);
                sum[2] += had.count() * (double) fact.get(3);
            }
        }
        Map<String, String> expected = new TreeMap<>();
        sums.forEach((key, sum) -> expected.put(key, (long) sum[0] + " " + sum[1] + " " + sum[2]));
        return expected;
    }

    private static Map<String, Double> taught(JsonNode answer) {
        Map<String, Double> found = new TreeMap<>();
        answer.get("taught")
                .properties()
                .forEach(each -> found.put(each.getKey(), each.getValue().asDouble()));
        return found;
    }

    private static Map<String, Double> taught(String model) {
        Map<String, Double> seconds = new TreeMap<>();
        double sum = 0;
        for (BruteForce.Had had : all) {
            boolean hasText = had.way() == Way.READ || had.way() == Way.LABELLED;
            if (had.model().equals(model) && had.path().isEmpty() && hasText) {
                double own = had.count() * (double) facts.get(had.id()).get(3);
                seconds.merge(had.teacher(), own, Double::sum);
                sum += own;
            }
        }
        double whole = sum;
        seconds.remove("");
        seconds.replaceAll((teacher, own) -> own / whole);
        return seconds;
    }

    private static String key(List<String> path, String... rest) {
        return path + " | " + String.join(" | ", rest);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static JsonNode json(String question) throws Exception {
        String said = said("lineage ask " + question + " --json --lake " + lake.location());
        List<String> lines = said.lines().filter(line -> line.startsWith("{")).toList();
        assertThat(lines).as(said).hasSize(1);
        return new ObjectMapper().readTree(lines.get(0));
    }

    /** All that a command prints. */
    private static String said(String line) {
        return Printed.by(line.split(" ")).text();
    }
}
