package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.report.Report.DataShare;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeFactsTest {
    @TempDir
    Path folder;

    @Test
    void featuresCountForOneFrontEnd() {
        try (Lake lake = Lake.open(LakeConfig.local(folder));
                Session session = Session.open("test", lake)) {
            SparkSession spark = session.spark();
            TinyLake.fill(spark, lake);
            LakeFacts facts = new LakeFacts(spark, "tiny");
            List<DataShare> alone = facts.data();
            spark.sql(
                    "INSERT INTO lake.glossa.features SELECT utterance_id, lang, split, n_frames, 2 * n_mels, encoding,"
                            + " concat(logmel, logmel), 'wide', order_hash, length_class FROM lake.glossa.features");

            assertThat(facts.data()).isEqualTo(alone).hasSize(2);
            assertThat(facts.spectrograms(List.of("human-1")).get("human-1"))
                    .isNotEqualTo(new LakeFacts(spark, "wide")
                            .spectrograms(List.of("human-1"))
                            .get("human-1"));
        }
    }
}
