package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTest {
    private static final Lineage LABELLED =
            new Lineage("label", "r1", "k1", Map.of("features", 5L, "transcripts", 6L), "c0ffee", "0.1.0", "beef");

    @TempDir
    Path folder;

    @Test
    void itsKeysSurviveLowerCasing() {
        assertThat(LABELLED.toSummary())
                .containsEntry("glossa.job-key", "k1")
                .containsEntry("glossa.input.features", "5")
                .allSatisfy((key, value) -> assertThat(key).isEqualTo(key.toLowerCase(Locale.ROOT)));
    }

    @Test
    void comesBackFromASnapshot() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table table = lake.table(LakeTable.SENTENCES);
            LakeRows.append(table, LakeRows.sentence(table, "a", "one", "en"));
            assertThat(Lineage.of(table.currentSnapshot())).isEmpty();

            Lineage withoutModel = new Lineage("ingest-text", "r2", "k2", Map.of(), "c0ffee", "0.1.0", null);
            for (Lineage lineage : List.of(LABELLED, withoutModel)) {
                LakeRows.append(table, List.of(LakeRows.sentence(table, "b", "two", "en")), lineage.toSummary());
                assertThat(Lineage.of(table.currentSnapshot())).contains(lineage);
            }
        }
    }
}
