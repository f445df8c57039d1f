package io.glossa.featurize.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A Parquet file of small row groups. */
final class TestParquet implements Closeable {
    private static final int ROW_GROUP = 1 << 20;

    private final MessageType schema;
    private final ParquetWriter<Group> writer;

    /** @param columns in Parquet's language */
    TestParquet(Path file, String columns, CompressionCodecName codec) throws IOException {
        Files.createDirectories(file.getParent());
        schema = MessageTypeParser.parseMessageType("message rows { " + columns + " }");
        writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(schema)
                .withRowGroupSize((long) ROW_GROUP)
                .withMinRowCountForPageSizeCheck(10)
                .withCompressionCodec(codec)
                .build();
    }

    void row(Consumer<Group> fill) throws IOException {
        Group row = new SimpleGroupFactory(schema).newGroup();
        fill.accept(row);
        writer.write(row);
    }

    static Binary binary(byte[] bytes) {
        return Binary.fromConstantByteArray(bytes);
    }

    static int groups(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return reader.getRowGroups().size();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
