package io.glossa.storage.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetNameTest {
    @TempDir
    Path folder;

    /** What openlineage-spark 1.53.0 makes of these locations. */
    @ParameterizedTest
    @CsvSource({
        "file:/a/b/,file,/a/b",
        "/a/b,file,/a/b",
        "hdfs://nn:8020/a/b,hdfs://nn:8020,/a/b",
        "hdfs:///a/b,hdfs,/a/b",
        "s3a://bucket/k/l,s3://bucket,k/l",
        "gs://bucket/k,gs://bucket,k",
        "abfs://c@account/k,abfss://c@account,k",
        "wasb://c@account/k/,wasbs://c@account,k"
    })
    void isThatOfTheSparkListener(String location, String namespace, String name) {
        assertThat(DatasetName.ofLocation(location)).isEqualTo(new DatasetName(namespace, name));
    }

    @Test
    void aTableIsNamedByItsFolderAsItIs() {
        Path odd = folder.resolve("a b+ü%20#x");
        try (Lake lake = Lake.open(LakeConfig.local(odd))) {
            assertThat(DatasetName.of(lake, LakeTable.UTTERANCES))
                    .isEqualTo(new DatasetName("file", odd + "/glossa/utterances"));
        }
    }

    @Test
    void aCheckpointIsNamedByItsFolder() {
        assertThat(DatasetName.of(Folder.of(folder.resolve("x/../step-00000100"))))
                .isEqualTo(new DatasetName("file", folder + "/step-00000100"));
    }
}
