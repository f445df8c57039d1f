package io.glossa.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.storage.HadoopFiles;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.storage.SnapshotReader;
import io.glossa.storage.lineage.DatasetName;
import io.glossa.storage.lineage.LineageDataset;
import io.glossa.storage.lineage.LineageRun;
import io.glossa.storage.lineage.OpenLineageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark, the lake without Spark, and the lineage of both, in one process and on one class path. */
class SessionTest {
    @TempDir
    Path folder;

    @Test
    void sparkWritesWhatIsReadWithoutSparkAndBothLineagesJoin() throws Exception {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            lake.table(LakeTable.REJECTS);
            write(lake);
            long snapshot = lake.snapshot(LakeTable.REJECTS).orElseThrow();

            try (Stream<GenericRecord> rows =
                    SnapshotReader.of(lake, LakeTable.REJECTS, snapshot).rows()) {
                assertThat(rows.map(row -> row.get("code").toString())).containsExactlyInAnyOrder("empty", "not-audio");
            }
            assertThat(lake.completed(LakeTable.REJECTS, "key-1")).isPresent();

            Path events = Session.lineageFile(lake).orElseThrow();
            LineageRun training = new LineageRun(
                    UUID.randomUUID(),
                    "train",
                    List.of(LineageDataset.of(lake, LakeTable.REJECTS, snapshot)),
                    List.of(),
                    Map.of());
            new OpenLineageFile(events, Session.LINEAGE_NAMESPACE).complete(training);

            DatasetName name = DatasetName.of(lake, LakeTable.REJECTS);
            assertThat(datasets(events, "outputs")).as("what Spark wrote").contains(name);
            assertThat(datasets(events, "inputs")).as("what training read").contains(name);
            assertThat(namespaces(events)).containsOnly(Session.LINEAGE_NAMESPACE);
        }
    }

    /** In local mode an executor is in the driver's process, and is told settings by reference. */
    @Test
    void anExecutorLeavesTheDriversSettingsAsTheyAre() {
        try (Lake lake = Lake.open(LakeConfig.local(folder));
                Session session = Session.open("test", lake)) {
            Configuration driver = session.spark().sparkContext().hadoopConfiguration();
            assertThat(HadoopFiles.conf().getClassLoader()).isNotSameAs(driver.getClassLoader());
        }
    }

    private static void write(Lake lake) throws NoSuchTableException {
        try (Session session = Session.open("test", lake)) {
            List<Row> rows = List.of(
                    RowFactory.create("1", "ingest", "a.wav", "empty", "0 bytes", "r", null, null),
                    RowFactory.create("2", "ingest", "b.wav", "not-audio", "text", "r", null, null));
            DataFrameWriterV2<Row> writer = session.spark()
                    .createDataFrame(
                            rows, session.spark().table("lake.glossa.rejects").schema())
                    .writeTo("lake.glossa.rejects");
            Lineage lineage = new Lineage("ingest", "r", "key-1", Map.of(), "digest", "version", null);
            lineage.toSummary().forEach((key, value) -> writer.option("snapshot-property." + key, value));
            writer.append();
        }
    }

    private static List<DatasetName> datasets(Path events, String direction) throws IOException {
        List<DatasetName> names = new ArrayList<>();
        for (String line : Files.readAllLines(events)) {
            JsonNode event = new ObjectMapper().readTree(line);
            event.path(direction)
                    .forEach(dataset -> names.add(new DatasetName(
                            dataset.get("namespace").asText(),
                            dataset.get("name").asText())));
        }
        return names;
    }

    private static List<String> namespaces(Path events) throws IOException {
        List<String> namespaces = new ArrayList<>();
        for (String line : Files.readAllLines(events)) {
            namespaces.add(
                    new ObjectMapper().readTree(line).at("/job/namespace").asText());
        }
        return namespaces;
    }
}
