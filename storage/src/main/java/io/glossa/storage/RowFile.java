package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.InputFile;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.schema.Type;

/** One open Parquet file and the rows that a projection makes of it. */
final class RowFile implements AutoCloseable {
    private static final String READ_SCHEMA = "parquet.avro.read.schema";

    private final String location;
    private final RowProjection.Cursor cursor;
    private final ParquetReader<GenericRecord> reader;

    private RowFile(String location, RowProjection.Cursor cursor, ParquetReader<GenericRecord> reader) {
        this.location = location;
        this.cursor = cursor;
        this.reader = reader;
    }

    static RowFile open(InputFile file, RowProjection projection) {
        try {
            RowProjection.Cursor cursor = projection.cursor(file.location(), columns(file));
            ParquetConfiguration conf = new PlainParquetConfiguration();
            conf.set(AvroReadSupport.AVRO_REQUESTED_PROJECTION, cursor.inFile().toString());
            conf.set(READ_SCHEMA, cursor.inFile().toString());
            ParquetReader.Builder<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new ParquetInput(file), conf)
                    .withDataModel(GenericData.get());
            cursor.pruning().map(FilterCompat::get).ifPresent(reader::withFilter);
            return new RowFile(file.location(), cursor, reader.build());
        } catch (GlossaException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file.location(), e);
        }
    }

    /** The next row that the filter keeps; null at the end. */
    GenericRecord next() {
        try {
            GenericRecord record = reader.read();
            while (record != null && !cursor.moveTo(record)) {
                record = reader.read();
            }
            return record == null ? null : cursor.row();
        } catch (IOException | RuntimeException e) {
            throw unreadable(location, e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw unreadable(location, e);
        }
    }

    /** The file's column names by field id. */
    private static Map<Integer, String> columns(InputFile file) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader footer = ParquetFileReader.open(new ParquetInput(file), options)) {
            Map<Integer, String> names = new HashMap<>();
            for (Type column : footer.getFileMetaData().getSchema().getFields()) {
                if (column.getId() != null) {
                    names.put(column.getId().intValue(), column.getName());
                }
            }
            return names;
        }
    }

    private static GlossaException unreadable(String location, Exception cause) {
        return GlossaException.data("Cannot read " + location + ": " + cause.getMessage()
                        + ", expected a Parquet file of the table")
                .causedBy(cause);
    }
}
