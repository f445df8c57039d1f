package io.glossa.featurize.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Extent;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Parquet files in a folder and below it, or one alone, with a recording a row, as Hugging Face's data sets have them: a column
 * {@code audio} with the bytes of an audio file and its {@code path}, and others of which {@link Meta} knows some. Where no column
 * says the split, a file's name may, such as {@code validation-00000-of-00002.parquet}. No audio is read to list it.
 */
public final class ParquetRows implements Source {
    private static final FilesBelow TABLES = new FilesBelow("parquet");

    /** How names of files begin, and the split that they mean. */
    private static final Map<String, String> SPLITS =
            Map.of("train", "train", "validation", "dev", "valid", "dev", "dev", "dev", "test", "test");

    private final String place;

    /** @param encoding is not asked: strings are UTF-8 */
    public ParquetRows(String place, TextEncoding encoding) {
        this.place = SourceBytes.uri(place);
    }

    @Override
    public Place root() {
        return new Place(place);
    }

    @Override
    public void list(Place at, SourceBytes files, Found found) throws IOException {
        if (!TABLES.isOne(at, files, found)) {
            return;
        }
        try {
            long modifiedMs = files.version(at.uri()).modifiedMs();
            try (ParquetFileReader reader = ParquetAudio.open(files.input(at.uri()))) {
                rows(at.uri(), modifiedMs, reader, found);
            } catch (RuntimeException e) {
                throw new Refusal(RejectCode.CORRUPT, e.getMessage());
            }
        } catch (Refusal refusal) {
            found.recording(
                    SourceFile.of(at.uri(), at.uri(), Labels.of(place)).refused(refusal.code(), refusal.getMessage()));
        }
    }

    private void rows(String uri, long modifiedMs, ParquetFileReader reader, Found found) throws IOException, Refusal {
        MessageType schema = ParquetAudio.schema(reader);
        List<Type> columns = new ArrayList<>();
        ParquetAudio.paths(schema).ifPresent(columns::add);
        schema.getFields().stream().filter(ParquetRows::isValue).forEach(columns::add);
        MessageType wanted = new MessageType(schema.getName(), columns);
        reader.setRequestedSchema(wanted);
        Labels labels = labels(uri);
        long row = 0;
        for (BlockMetaData block : reader.getRowGroups()) {
            // Of a recording's length nothing is known but the mean.
            SourceBytes.Version version =
                    new SourceBytes.Version(ParquetAudio.bytes(block) / Math.max(1, block.getRowCount()), modifiedMs);
            PageReadStore pages = reader.readNextRowGroup();
            RecordReader<Group> rows = columns.isEmpty() ? null : ParquetAudio.rows(pages, wanted, schema);
            for (long i = 0; i < block.getRowCount(); i++, row++) {
                SourceFile file = rows == null ? named(uri, row, "") : recording(uri, row, rows.read(), labels);
                found.recording(file.at(Extent.row(uri, row)).in(version));
            }
        }
    }

    private SourceFile recording(String uri, long row, Group values, Labels labels) {
        ObjectNode meta = JsonNodeFactory.instance.objectNode();
        values.getType().getFields().stream()
                .filter(column -> column.isPrimitive() && values.getFieldRepetitionCount(column.getName()) > 0)
                .forEach(column -> meta.put(column.getName(), values.getValueToString(indexOf(values, column), 0)));
        String path = ParquetAudio.path(values).orElse("");
        return named(uri, row, path.substring(path.lastIndexOf('/') + 1))
                .labelled(Meta.labels(meta, labels))
                .said(Meta.text(meta, Meta.TEXT));
    }

    private static int indexOf(Group values, Type column) {
        return values.getType().getFieldIndex(column.getName());
    }

    /** Numbers are filled up, so that recordings are in the order of rows. */
    private SourceFile named(String uri, long row, String name) {
        String number = String.format(Locale.ROOT, "row-%010d", row) + (name.isEmpty() ? "" : "-" + name);
        return SourceFile.of(
                uri + "#" + number, SourceBytes.relative(place, uri) + "#" + Entry.stem(number), Labels.of(place));
    }

    private Labels labels(String uri) {
        String name = uri.substring(uri.lastIndexOf('/') + 1);
        String split = SPLITS.get(name.split("[-_.]", 2)[0]);
        return split == null ? Labels.of(place) : Labels.of(place).inSplit(split);
    }

    /** What a text, a number or a truth value is in. */
    private static boolean isValue(Type column) {
        if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
            return false;
        }
        PrimitiveType type = column.asPrimitiveType();
        return switch (type.getPrimitiveTypeName()) {
            case INT32, INT64, FLOAT, DOUBLE, BOOLEAN -> true;
            case BINARY -> LogicalTypeAnnotation.stringType().equals(type.getLogicalTypeAnnotation());
            case INT96, FIXED_LEN_BYTE_ARRAY -> false;
        };
    }
}
