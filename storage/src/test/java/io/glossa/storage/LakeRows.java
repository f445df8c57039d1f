package io.glossa.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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

/** Writes rows with Iceberg's own Parquet writer: an implementation other than the one that reads them. */
public final class LakeRows {
    private LakeRows() {}

    static Record sentence(Table table, String id, String text, String lang) {
        Record row = GenericRecord.create(table.schema());
        row.set(0, id);
        row.set(1, text);
        row.set(2, lang);
        row.set(3, "test");
        return row;
    }

    /** One data file; all rows must be of one partition. */
    static DataFile write(Table table, List<Record> rows) {
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        partition.partition(rows.get(0));
        String name = UUID.randomUUID() + ".parquet";
        String location = table.spec().isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(table.spec(), partition, name);
        try {
            DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(location))
                    .forTable(table)
                    .withSpec(table.spec())
                    .withPartition(table.spec().isUnpartitioned() ? null : partition)
                    .createWriterFunc(GenericParquetWriter::create)
                    .build();
            try (writer) {
                rows.forEach(writer::write);
            }
            return writer.toDataFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits one data file; returns the snapshot's id. */
    static long append(Table table, List<Record> rows, Map<String, String> summary) {
        AppendFiles append = table.newAppend().appendFile(write(table, rows));
        summary.forEach(append::set);
        append.commit();
        table.refresh();
        return table.currentSnapshot().snapshotId();
    }

    static long append(Table table, Record... rows) {
        return append(table, List.of(rows), Map.of());
    }
}
