package io.glossa.storage;

import static org.apache.iceberg.expressions.Expressions.and;
import static org.apache.iceberg.expressions.Expressions.equal;
import static org.apache.iceberg.expressions.Expressions.greaterThanOrEqual;
import static org.apache.iceberg.expressions.Expressions.in;
import static org.apache.iceberg.expressions.Expressions.isNull;
import static org.apache.iceberg.expressions.Expressions.lessThan;
import static org.apache.iceberg.expressions.Expressions.not;
import static org.apache.iceberg.expressions.Expressions.notNull;
import static org.apache.iceberg.expressions.Expressions.or;
import static org.apache.iceberg.expressions.Expressions.startsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotReaderTest {
    @TempDir
    Path folder;

    private Lake lake;
    private Table sentences;

    @BeforeEach
    void open() {
        lake = Lake.open(LakeConfig.local(folder));
        sentences = lake.table(LakeTable.SENTENCES);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void readsWhatWasWritten() {
        Table features = lake.table(LakeTable.FEATURES);
        byte[] logmel = {1, 2, 3, -4};
        Record row = org.apache.iceberg.data.GenericRecord.create(features.schema());
        row.setField("utterance_id", "u1");
        row.setField("lang", "en");
        row.setField("split", "train");
        row.setField("n_frames", 7);
        row.setField("n_mels", 128);
        row.setField("encoding", "fp16");
        row.setField("logmel", ByteBuffer.wrap(logmel));
        row.setField("config_digest", "c0ffee");
        long snapshot = LakeRows.append(features, row);

        GenericRecord read =
                rows(SnapshotReader.of(lake, LakeTable.FEATURES, snapshot)).get(0);
        assertThat(read.getSchema().getFullName())
                .isEqualTo(LakeTable.FEATURES.avroSchema().getFullName());
        assertThat(read.get("utterance_id")).isEqualTo("u1");
        assertThat(read.get("n_frames")).isEqualTo(7);
        assertThat(read.get("logmel")).isEqualTo(ByteBuffer.wrap(logmel));
    }

    @Test
    void readsNullsOfOptionalColumns() {
        Table transcripts = lake.table(LakeTable.TRANSCRIPTS);
        Record row = org.apache.iceberg.data.GenericRecord.create(transcripts.schema());
        for (String text : List.of("utterance_id", "lang", "split", "text", "raw_text", "kind", "verdict")) {
            row.setField(text, text);
        }
        row.setField("generation", 0);
        row.setField("score", -1.5);
        long snapshot = LakeRows.append(transcripts, row);
        SnapshotReader reader =
                SnapshotReader.of(lake, LakeTable.TRANSCRIPTS, snapshot).select("teacher", "score");
        assertThat(values(reader)).containsExactly("null|-1.5");
        assertThat(values(reader.where(isNull("teacher")))).hasSize(1);
        assertThat(values(reader.where(notNull("confidence")))).isEmpty();
    }

    @Test
    void aSnapshotIsReadAsItWas() {
        long first = append("a", "one", "en");
        long second = append("b", "two", "fr");
        assertThat(values(of(first).select("id"))).containsExactly("a");
        assertThat(values(of(second).select("id"))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void selectsColumnsInTheOrderAsked() {
        long snapshot = append("a", "one", "en");
        assertThat(values(of(snapshot).select("lang", "id"))).containsExactly("en|a");
    }

    @Test
    void findsColumnsByIdAfterARename() {
        long before = append("a", "one", "en");
        sentences.updateSchema().renameColumn("text", "words").commit();
        long after = append("b", "two", "en");

        assertThat(values(of(after).select("words"))).containsExactlyInAnyOrder("one", "two");
        assertThat(values(of(after).select("id").where(equal("words", "one")))).containsExactly("a");
        // Today's names hold for yesterday's snapshot too.
        assertThat(values(of(before).select("words").where(equal("words", "one"))))
                .containsExactly("one");
        assertThat(of(before).where(equal("words", "zzz")).files()).isEmpty();
    }

    @Test
    void findsColumnsByIdAfterTwoSwapNames() {
        append("a", "one", "en");
        sentences.updateSchema().renameColumn("id", "swap").commit();
        sentences.updateSchema().renameColumn("text", "id").commit();
        sentences.updateSchema().renameColumn("swap", "text").commit();
        long snapshot = append("b", "two", "en");
        assertThat(values(of(snapshot).select("id", "text"))).containsExactlyInAnyOrder("one|a", "two|b");
    }

    @Test
    void aColumnAddedLaterIsNull() {
        long before = append("a", "one", "en");
        sentences.updateSchema().addColumn("words", Types.IntegerType.get()).commit();
        assertThat(values(of(before).select("id", "words"))).containsExactly("a|null");
        assertThat(values(of(before).select("words"))).containsExactly("null");
        assertThat(values(of(before).select("id").where(not(equal("words", 3)))))
                .containsExactly("a");
        assertThat(values(of(before).select("id").where(notNull("words")))).isEmpty();
    }

    @Test
    void conditionsPruneFilesAndFilterRowsExactly() {
        append("a", "one", "en");
        append("b", "two", "fr");
        long snapshot = LakeRows.append(
                sentences,
                LakeRows.sentence(sentences, "c", "three", "ru"),
                LakeRows.sentence(sentences, "d", "four", "it"));
        SnapshotReader reader = of(snapshot).select("id");
        assertThat(reader.files()).hasSize(3);
        assertThat(reader.where(equal("lang", "fr")).files()).hasSize(1);
        assertThat(reader.where(equal("lang", "fr")).where(equal("lang", "en")).files())
                .isEmpty();

        assertThat(ids(reader, equal("lang", "fr"))).containsExactly("b");
        assertThat(ids(reader, equal("lang", "it"))).containsExactly("d");
        assertThat(ids(reader, not(equal("lang", "it")))).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(ids(reader, in("lang", "it", "en"))).containsExactlyInAnyOrder("a", "d");
        assertThat(ids(reader, lessThan("id", "c"))).containsExactlyInAnyOrder("a", "b");
        assertThat(ids(reader, startsWith("text", "t"))).containsExactlyInAnyOrder("b", "c");
        assertThat(ids(reader, and(startsWith("text", "t"), equal("lang", "ru"))))
                .containsExactly("c");
        assertThat(ids(reader, or(equal("id", "a"), equal("text", "four")))).containsExactlyInAnyOrder("a", "d");
    }

    /** What a training asks of features: some ranges of hashes among large values. */
    @Test
    void aRangeIsReadWithoutTheRestOfItsFile() throws IOException {
        Table features = lake.table(LakeTable.FEATURES);
        Random random = new Random(3);
        List<Record> rows = IntStream.range(0, 2000)
                .mapToObj(i -> features(features, i, random))
                .toList();
        long snapshot = LakeRows.append(features, rows, Map.of());
        SnapshotReader reader = SnapshotReader.of(lake, LakeTable.FEATURES, snapshot)
                .select("utterance_id", "logmel")
                .where(or(
                        isNull("order_hash"),
                        and(greaterThanOrEqual("order_hash", 10_000L), lessThan("order_hash", 10_300L))));
        DataFileRef file = reader.files().get(0);
        long before = bytesRead();
        assertThat(rows(reader)).hasSize(30);
        assertThat(bytesRead() - before).isLessThan(file.bytes() / 10);
    }

    private static long bytesRead() {
        return FileSystem.getGlobalStorageStatistics().get("file").getLong("bytesRead");
    }

    private static Record features(Table table, int i, Random random) {
        byte[] logmel = new byte[4096];
        random.nextBytes(logmel);
        Record row = org.apache.iceberg.data.GenericRecord.create(table.schema());
        Map.of(
                        "utterance_id",
                        "u" + i,
                        "lang",
                        "en",
                        "split",
                        "train",
                        "n_frames",
                        16,
                        "n_mels",
                        128,
                        "encoding",
                        "fp16",
                        "logmel",
                        ByteBuffer.wrap(logmel),
                        "config_digest",
                        "c0ffee",
                        "order_hash",
                        10L * i,
                        "length_class",
                        120)
                .forEach(row::setField);
        return row;
    }

    @Test
    void filesCanBeReadByTheShare() {
        IntStream.range(0, 5).forEach(i -> append("s" + i, "text", "en"));
        SnapshotReader reader = of(append("s5", "text", "en")).select("id");
        List<DataFileRef> files = reader.files();
        assertThat(files).hasSize(6).allSatisfy(file -> assertThat(file.rows()).isEqualTo(1));
        try (Stream<GenericRecord> mine = reader.rows(files.subList(0, 2));
                Stream<GenericRecord> yours = reader.rows(files.subList(2, 6))) {
            assertThat(Stream.concat(mine, yours).map(row -> row.get(0)))
                    .hasSize(6)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anIteratorHoldsOneFileAtATime() {
        append("a", "one", "en");
        SnapshotReader reader = of(append("b", "two", "en")).select("id");
        List<DataFileRef> files = reader.files();
        try (Stream<GenericRecord> rows = reader.rows(files)) {
            Iterator<GenericRecord> iterator = rows.iterator();
            iterator.next();
            sentences.io().deleteFile(files.get(1).location());
            assertThatThrownBy(iterator::hasNext)
                    .isInstanceOf(GlossaException.class)
                    .hasMessageStartingWith("Cannot read " + files.get(1).location());
        }
    }

    @Test
    void aFileWithDeletesIsAnErrorThatNamesIt() throws IOException {
        DataFile data = LakeRows.write(
                sentences,
                List.of(
                        LakeRows.sentence(sentences, "a", "one", "en"),
                        LakeRows.sentence(sentences, "b", "two", "en")));
        sentences.newAppend().appendFile(data).commit();
        sentences.newRowDelta().addDeletes(deleteFirstRow(data)).commit();
        long snapshot = lake.snapshot(LakeTable.SENTENCES).orElseThrow();
        assertThatThrownBy(() -> of(snapshot).files())
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot read " + data.location() + ": it has deletes attached (")
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.DATA, GlossaException::type);
    }

    @Test
    void aDamagedFileIsAnErrorThatNamesIt() throws IOException {
        long snapshot = append("a", "one", "en");
        DataFileRef file = of(snapshot).files().get(0);
        Files.write(Path.of(file.location().replaceFirst("^file:", "")), new byte[(int) file.bytes()]);
        assertThatThrownBy(() -> values(of(snapshot)))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot read " + file.location())
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.DATA, GlossaException::type);
    }

    @Test
    void whatIsNotThereIsAUserError() {
        long snapshot = append("a", "one", "en");
        assertThatThrownBy(() -> of(42)).isInstanceOf(GlossaException.class).hasMessageContaining("no snapshot 42");
        assertThatThrownBy(() -> of(snapshot).select("txt"))
                .isInstanceOf(GlossaException.class)
                .hasMessage(
                        "Cannot select 'txt' of sentences: no such column, expected one of id, text, lang, source, licence"
                                + " (did you mean 'text'?)");
        assertThatThrownBy(() -> of(snapshot).where(equal("txt", "x")))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("Cannot filter sentences by")
                .hasMessageContaining("txt");
    }

    private SnapshotReader of(long snapshot) {
        return SnapshotReader.of(lake, LakeTable.SENTENCES, snapshot);
    }

    private long append(String id, String text, String lang) {
        return LakeRows.append(sentences, LakeRows.sentence(sentences, id, text, lang));
    }

    private DeleteFile deleteFirstRow(DataFile data) throws IOException {
        String location = sentences.locationProvider().newDataLocation("deletes.parquet");
        PositionDeleteWriter<Record> writer = Parquet.writeDeletes(
                        sentences.io().newOutputFile(location))
                .withSpec(sentences.spec())
                .buildPositionWriter();
        try (writer) {
            writer.write(PositionDelete.<Record>create().set(data.location(), 0L));
        }
        return writer.toDeleteFile();
    }

    private static List<String> ids(SnapshotReader reader, Expression condition) {
        return values(reader.where(condition));
    }

    private static List<GenericRecord> rows(SnapshotReader reader) {
        try (Stream<GenericRecord> rows = reader.rows()) {
            return rows.toList();
        }
    }

    /** Each row's values, joined by bars. */
    private static List<String> values(SnapshotReader reader) {
        return rows(reader).stream()
                .map(row -> String.join(
                        "|",
                        row.getSchema().getFields().stream()
                                .map(field -> String.valueOf(row.get(field.pos())))
                                .toList()))
                .toList();
    }
}
