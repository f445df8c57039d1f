package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tables' properties do to real files. */
class LakeTableTest {
    @TempDir
    Path folder;

    @Test
    void audioIsStoredAsItIs() throws IOException {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table utterances = lake.table(LakeTable.UTTERANCES);
            Random random = new Random(1);
            List<Record> rows = IntStream.range(0, 50)
                    .mapToObj(i -> utterance(utterances, i, random))
                    .toList();
            DataFile file = LakeRows.write(utterances, rows);

            assertThat(column(utterances, file, "audio"))
                    .returns(CompressionCodecName.UNCOMPRESSED, ColumnChunkMetaData::getCodec)
                    .returns(false, ColumnChunkMetaData::hasDictionaryPage)
                    .satisfies(audio ->
                            assertThat(audio.getStatistics().hasNonNullValue()).isFalse());
            assertThat(column(utterances, file, "lang"))
                    .returns(true, ColumnChunkMetaData::hasDictionaryPage)
                    .satisfies(lang ->
                            assertThat(lang.getStatistics().hasNonNullValue()).isTrue());
            int audio = utterances.schema().findField("audio").fieldId();
            assertThat(file.lowerBounds()).doesNotContainKey(audio);
            assertThat(file.valueCounts()).doesNotContainKey(audio);
            assertThat(file.lowerBounds())
                    .containsKey(utterances.schema().findField("lang").fieldId());
        }
    }

    @Test
    void whatTrainingsReadIsDividedByLengthInTheOrderOfItsHash() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            assertLayout(lake.table(LakeTable.FEATURES));
            assertLayout(lake.table(LakeTable.UTTERANCES));
        }
    }

    @Test
    void aTableOfAnotherLayoutGetsThisOneForWhatIsWrittenFromNowOn() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table older = lake.table(LakeTable.FEATURES);
            older.updateProperties()
                    .remove(TableProperties.PARQUET_PAGE_ROW_LIMIT)
                    .commit();
            older.updateSpec().removeField("length_class").addField("lang").commit();
            older.replaceSortOrder().asc("n_frames").commit();
            older.updateSchema().deleteColumn("order_hash").commit();
            assertLayout(lake.table(LakeTable.FEATURES));
        }
    }

    @Test
    void utterancesFromBeforeTheyHadAnOrderGetOne() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table older = lake.table(LakeTable.UTTERANCES);
            older.updateSpec().removeField("length_class").commit();
            older.replaceSortOrder().commit();
            older.updateProperties()
                    .remove(TableProperties.PARQUET_PAGE_ROW_LIMIT)
                    .commit();
            older.updateSchema().deleteColumn("order_hash").commit();
            assertLayout(lake.table(LakeTable.UTTERANCES));
        }
    }

    private static void assertLayout(Table features) {
        assertThat(features.spec().fields()).extracting(PartitionField::name).containsExactly("length_class");
        assertThat(features.sortOrder().fields())
                .extracting(field -> features.schema().findColumnName(field.sourceId()))
                .containsExactly("order_hash");
        assertThat(features.properties())
                .containsEntry("write.delete.mode", "copy-on-write")
                .containsEntry("write.merge.mode", "copy-on-write")
                .containsKey(TableProperties.PARQUET_PAGE_ROW_LIMIT);
    }

    private static Record utterance(Table table, int i, Random random) {
        byte[] audio = new byte[100_000];
        random.nextBytes(audio);
        Record row = GenericRecord.create(table.schema());
        row.setField("id", "u" + i);
        row.setField("recording_id", "r");
        row.setField("recording_uri", "file:/r.wav");
        row.setField("start_s", 0.0);
        row.setField("end_s", 1.0 + i);
        row.setField("duration_s", 1.0 + i);
        row.setField("lang", "en");
        row.setField("split", "train");
        row.setField("source", "test");
        row.setField("licence", "CC0-1.0");
        row.setField("audio", ByteBuffer.wrap(audio));
        return row;
    }

    private static ColumnChunkMetaData column(Table table, DataFile file, String name) throws IOException {
        ParquetInput input = new ParquetInput(table.io().newInputFile(file.location()));
        try (ParquetFileReader reader =
                ParquetFileReader.open(input, ParquetReadOptions.builder().build())) {
            return reader.getFooter().getBlocks().get(0).getColumns().stream()
                    .filter(column -> column.getPath().toDotString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
