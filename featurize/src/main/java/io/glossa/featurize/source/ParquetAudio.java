package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Extent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Reads the column {@code audio} of Parquet files as Hugging Face's data sets have it: a group of {@code bytes} and {@code path}, or
 * bytes alone. One row group's audio is in memory, so rows are best asked for in their order.
 */
final class ParquetAudio {
    private static final String AUDIO = "audio";
    private static final String BYTES = "bytes";
    private static final String PATH = "path";
    private static final long MOST_BYTES = 1L << 30;

    private String file;
    private RecordReader<Group> rows;
    private long next;
    private long end;

    /**
     * A recording's bytes.
     *
     * @throws Refusal if the row has none, or its row group is damaged or too large
     */
    byte[] read(SourceBytes files, Extent row) throws IOException, Refusal {
        try {
            if (!row.file().equals(file) || row.offset() < next || row.offset() >= end) {
                seek(files, row);
            }
            Group found = null;
            while (next <= row.offset()) {
                found = rows.read();
                next++;
            }
            return bytes(found);
        } catch (IOException | RuntimeException | Refusal e) {
            file = null;
            if (e instanceof RuntimeException) {
                throw new Refusal(RejectCode.CORRUPT, "the row group: " + e);
            }
            throw e;
        }
    }

    private void seek(SourceBytes files, Extent row) throws IOException, Refusal {
        file = null;
        rows = null;
        try (ParquetFileReader reader = open(files.input(row.file()))) {
            MessageType schema = schema(reader);
            MessageType wanted = new MessageType(schema.getName(), audio(schema));
            reader.setRequestedSchema(wanted);
            next = 0;
            int group = 0;
            for (BlockMetaData block : reader.getRowGroups()) {
                end = next + block.getRowCount();
                if (row.offset() < end) {
                    check(bytes(block));
                    rows = rows(reader.readRowGroup(group), wanted, schema);
                    file = row.file();
                    return;
                }
                next = end;
                group++;
            }
            throw new Refusal(RejectCode.UNREADABLE, "no row " + row.offset() + ", the file has " + end);
        }
    }

    private static void check(long bytes) throws Refusal {
        if (bytes > MOST_BYTES) {
            throw new Refusal(
                    RejectCode.TOO_LONG,
                    "a row group with " + bytes + " bytes of audio, expected at most " + MOST_BYTES);
        }
    }

    static ParquetFileReader open(InputFile input) throws IOException {
        return ParquetFileReader.open(input, ParquetReadOptions.builder().build());
    }

    static MessageType schema(ParquetFileReader reader) {
        return reader.getFileMetaData().getSchema();
    }

    static RecordReader<Group> rows(PageReadStore pages, MessageType wanted, MessageType schema) {
        return new ColumnIOFactory()
                .getColumnIO(wanted, schema)
                .getRecordReader(pages, new GroupRecordConverter(wanted));
    }

    /** Bytes of a row group's audio, in memory. */
    static long bytes(BlockMetaData block) {
        return block.getColumns().stream()
                .filter(column -> isAudio(column.getPath().toArray()))
                .mapToLong(column -> column.getTotalUncompressedSize())
                .sum();
    }

    private static boolean isAudio(String[] path) {
        return path[0].equals(AUDIO) && (path.length == 1 || path[1].equals(BYTES));
    }

    /** The column with nothing but its bytes. */
    private static Type audio(MessageType schema) throws Refusal {
        Type audio = schema.containsField(AUDIO) ? schema.getType(AUDIO) : null;
        if (audio != null && isBytes(audio)) {
            return audio;
        }
        if (audio instanceof GroupType group && group.containsField(BYTES) && isBytes(group.getType(BYTES))) {
            return group.withNewFields(List.of(group.getType(BYTES)));
        }
        throw new Refusal(
                RejectCode.BAD_ENTRY,
                "columns " + schema.getFields().stream().map(Type::getName).toList()
                        + ", expected audio with bytes among them");
    }

    /** The column with nothing but each recording's path; empty if it has none. */
    static Optional<Type> paths(MessageType schema) throws Refusal {
        audio(schema);
        return schema.getType(AUDIO) instanceof GroupType group && group.containsField(PATH)
                ? Optional.of(group.withNewFields(List.of(group.getType(PATH))))
                : Optional.empty();
    }

    /** A recording's path; empty if it has none. */
    static Optional<String> path(Group row) {
        if (!row.getType().containsField(AUDIO) || row.getFieldRepetitionCount(AUDIO) == 0) {
            return Optional.empty();
        }
        Group audio = row.getGroup(AUDIO, 0);
        return audio.getFieldRepetitionCount(PATH) == 0 ? Optional.empty() : Optional.of(audio.getString(PATH, 0));
    }

    private static byte[] bytes(Group row) throws Refusal {
        Group holder = row;
        String name = AUDIO;
        if (row.getFieldRepetitionCount(AUDIO) > 0
                && !row.getType().getType(AUDIO).isPrimitive()) {
            holder = row.getGroup(AUDIO, 0);
            name = BYTES;
        }
        if (holder.getFieldRepetitionCount(name) == 0) {
            throw new Refusal(RejectCode.UNREADABLE, "a row without audio bytes");
        }
        return holder.getBinary(name, 0).getBytes();
    }

    private static boolean isBytes(Type type) {
        return type.isPrimitive()
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && type.getLogicalTypeAnnotation() == null;
    }
}
