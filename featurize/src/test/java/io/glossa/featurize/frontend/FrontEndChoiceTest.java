package io.glossa.featurize.frontend;

import static org.apache.iceberg.expressions.Expressions.alwaysTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.CheckpointMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontEndChoiceTest {
    private static final FrontEndConfig USUAL = FrontEndConfig.usm();
    private static final FrontEndConfig PRE_EMPHASIS = set("pre-emphasis", "0.97");
    private static final FrontEndConfig NARROW = set("mels", "80");
    private static final int MELS = 128;

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void open() {
        lake = Lake.open(LakeConfig.local(folder));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void theOnlyOneOfALakeNeedsNoName() throws IOException {
        write(PRE_EMPHASIS, 3);

        FrontEnd found = FrontEndChoice.ONLY.in(lake, snapshot(), "train", MELS);

        assertThat(found.digest()).isEqualTo(ConfigDigest.of(PRE_EMPHASIS));
        assertThat(found.utterances()).isEqualTo(3);
        assertThat(found.settings()).isEqualTo(ConfigBinder.values(PRE_EMPHASIS));
        assertThat(found).asString().contains("3 utterances", "128 mels", "pre-emphasis=0.97");
    }

    @Test
    void oneOfSeveralIsToBeNamed() throws IOException {
        write(USUAL, 2);
        write(PRE_EMPHASIS, 3);
        write(NARROW, 4);

        refused(() -> FrontEndChoice.ONLY.in(lake, snapshot(), "train", MELS))
                .hasMessageContaining("3 front ends")
                .hasMessageContaining("--front-end")
                .hasMessageContaining(ConfigDigest.of(USUAL) + " (2 utterances, 128 mels, the usual settings)")
                .hasMessageContaining(ConfigDigest.of(PRE_EMPHASIS) + " (3 utterances, 128 mels, pre-emphasis=0.97)")
                .hasMessageContaining(ConfigDigest.of(NARROW) + " (4 utterances, 80 mels, mels=80)");
        for (FrontEndConfig each : List.of(USUAL, PRE_EMPHASIS)) {
            String digest = ConfigDigest.of(each);
            for (String asked : List.of(
                    digest, digest.substring(0, 5), digest.substring(0, 5).toUpperCase(Locale.ROOT))) {
                assertThat(FrontEndChoice.ONLY
                                .asking(asked)
                                .in(lake, snapshot(), "train", MELS)
                                .digest())
                        .isEqualTo(digest);
            }
        }
        refused(() -> FrontEndChoice.ONLY.asking("no such").in(lake, snapshot(), "train", MELS))
                .hasMessageContaining("'no such'")
                .hasMessageContaining(ConfigDigest.of(NARROW));
    }

    @Test
    void aModelReadsItsOwnWhateverElseThereIs() throws IOException {
        write(USUAL, 2);
        write(PRE_EMPHASIS, 3);
        FrontEnd trained =
                FrontEndChoice.ONLY.asking(ConfigDigest.of(PRE_EMPHASIS)).in(lake, snapshot(), "train", MELS);

        FrontEndChoice model = FrontEndChoice.of(checkpoint(trained.lineage()));

        assertThat(model.in(lake, snapshot(), "train", MELS)).isEqualTo(trained);
        assertThat(model.asking(trained.digest().substring(0, 4))).isEqualTo(model);
        refused(() -> model.asking(ConfigDigest.of(USUAL)))
                .hasMessageContaining(trained.digest())
                .hasMessageContaining("leave --front-end out");
    }

    @Test
    void whatAModelReadsAndALakeLacksIsToldAsSettings() throws IOException {
        write(USUAL, 2);
        Map<String, String> lineage = new FrontEnd("0123", MELS, 1, ConfigBinder.values(PRE_EMPHASIS)).lineage();

        refused(() -> FrontEndChoice.of(checkpoint(lineage)).in(lake, snapshot(), "finetune", MELS))
                .hasMessageContaining("none of front end 0123")
                .hasMessageContaining("run featurize --set pre-emphasis=0.97")
                .hasMessageContaining(ConfigDigest.of(USUAL));

        FrontEndConfig noted = set("hop", "200");
        FrontEnds.note(lake, noted);
        Map<String, String> digestAlone = Map.of("glossa.front-end", ConfigDigest.of(noted));
        refused(() -> FrontEndChoice.of(checkpoint(digestAlone)).in(lake, snapshot(), "finetune", MELS))
                .hasMessageContaining("featurize --set hop=200");
    }

    @Test
    void aCheckpointThatDoesNotSayTakesTheOnlyOneOrAsks() throws IOException {
        FrontEndChoice old = FrontEndChoice.of(checkpoint(Map.of("glossa.job", "finetune")));
        write(USUAL, 2);
        assertThat(old.in(lake, snapshot(), "label", MELS).digest()).isEqualTo(ConfigDigest.of(USUAL));

        write(NARROW, 2);
        refused(() -> old.in(lake, snapshot(), "label", MELS)).hasMessageContaining("2 front ends");
        assertThat(old.asking(ConfigDigest.of(USUAL))
                        .in(lake, snapshot(), "label", MELS)
                        .digest())
                .isEqualTo(ConfigDigest.of(USUAL));
    }

    @Test
    void otherMelsThanTheModelsAreRefused() throws IOException {
        write(NARROW, 2);

        refused(() -> FrontEndChoice.ONLY.in(lake, snapshot(), "pretrain", MELS))
                .hasMessageStartingWith("Cannot pretrain: ")
                .hasMessageContaining("mels=80")
                .hasMessageContaining("model's 128 mels");
    }

    @Test
    void onTheFlyItIsTheModelsOrTheOneNamedElseTheUsualOne() {
        FrontEndConfig hop = set("hop", "200");
        FrontEnds.note(lake, PRE_EMPHASIS);
        assertThat(FrontEndChoice.ONLY.onTheFly(lake, "pretrain", MELS).config())
                .isEqualTo(USUAL);
        assertThat(FrontEndChoice.ONLY.onTheFly(lake, "pretrain", NARROW.mels()).digest())
                .isEqualTo(ConfigDigest.of(NARROW));
        FrontEndChoice asked =
                FrontEndChoice.ONLY.asking(ConfigDigest.of(PRE_EMPHASIS).substring(0, 5));
        assertThat(asked.onTheFly(lake, "pretrain", MELS).config()).isEqualTo(PRE_EMPHASIS);
        FrontEnd trained = new FrontEnd(ConfigDigest.of(hop), MELS, 1, ConfigBinder.values(hop));
        FrontEnd found = FrontEndChoice.of(checkpoint(trained.lineage())).onTheFly(lake, "finetune", MELS);
        assertThat(found.config()).isEqualTo(hop);
        assertThat(found.lineage()).isEqualTo(trained.lineage());

        refused(() -> FrontEndChoice.ONLY.asking("no such").onTheFly(lake, "pretrain", MELS))
                .hasMessageContaining("the settings of 0 front ends 'no such'");
        refused(() -> FrontEndChoice.of(checkpoint(Map.of("glossa.front-end", "0123")))
                        .onTheFly(lake, "finetune", MELS))
                .hasMessageContaining("'0123'");
        refused(() -> asked.onTheFly(lake, "pretrain", NARROW.mels())).hasMessageContaining("model's 80 mels");
        refused(new FrontEnd("0123", MELS, 1, trained.settings())::config).hasMessageContaining("hop=200");
    }

    @Test
    void aLakeWithoutFeaturesSaysSo() throws IOException {
        write(USUAL, 1);
        lake.table(LakeTable.FEATURES)
                .newDelete()
                .deleteFromRowFilter(alwaysTrue())
                .commit();

        refused(() -> FrontEndChoice.ONLY.in(lake, snapshot(), "train", MELS)).hasMessageContaining("run featurize");
    }

    private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable choice) {
        return assertThatThrownBy(choice)
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageContaining("expected");
    }

    private long snapshot() {
        return lake.snapshot(LakeTable.FEATURES).orElseThrow();
    }

    /** A file for each utterance, since they are of several partitions. */
    private void write(FrontEndConfig config, int utterances) throws IOException {
        FrontEnds.note(lake, config);
        Table table = lake.table(LakeTable.FEATURES);
        AppendFiles append = table.newAppend();
        for (int i = 0; i < utterances; i++) {
            Record row = GenericRecord.create(table.schema());
            row.setField("utterance_id", "u" + i);
            row.setField("lang", "en");
            row.setField("split", "train");
            row.setField("n_frames", 1);
            row.setField("n_mels", config.mels());
            row.setField("encoding", "fp16");
            row.setField("logmel", ByteBuffer.allocate(2 * config.mels()));
            row.setField("config_digest", ConfigDigest.of(config));
            append.appendFile(file(table, row));
        }
        append.commit();
    }

    private static DataFile file(Table table, Record row) throws IOException {
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        partition.partition(row);
        String location =
                table.locationProvider().newDataLocation(table.spec(), partition, UUID.randomUUID() + ".parquet");
        DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(location))
                .forTable(table)
                .withPartition(partition)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            writer.write(row);
        }
        return writer.toDataFile();
    }

    private static FrontEndConfig set(String key, String value) {
        return ConfigBinder.bind(FrontEndConfig.class, Map.of(key, value), USUAL);
    }

    private static CheckpointMeta checkpoint(Map<String, String> lineage) {
        return new CheckpointMeta(1, "ctc", Map.of(), Map.of(), Map.of(), lineage);
    }
}
