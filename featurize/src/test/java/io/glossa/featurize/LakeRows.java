package io.glossa.featurize;

import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/** What is in a lake's tables, read without Spark. */
public final class LakeRows {
    private LakeRows() {}

    /** All rows of the table as it is now, in a fixed order. */
    public static List<Map<String, Object>> of(Lake lake, LakeTable kind) {
        OptionalLong snapshot = lake.snapshot(kind);
        return snapshot.isPresent() ? of(lake, kind, snapshot.getAsLong()) : List.of();
    }

    /** All rows of a snapshot, in a fixed order. */
    public static List<Map<String, Object>> of(Lake lake, LakeTable kind, long snapshot) {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Stream<GenericRecord> records =
                SnapshotReader.of(lake, kind, snapshot).rows()) {
            records.forEach(record -> {
                Map<String, Object> row = new TreeMap<>();
                record.getSchema().getFields().forEach(field -> row.put(field.name(), plain(record.get(field.pos()))));
                rows.add(row);
            });
        }
        rows.sort(Comparator.comparing(row -> key(kind, row)));
        return rows;
    }

    /** Every row of some tables, byte arrays as their hash. */
    public static List<String> contents(Lake lake, List<LakeTable> tables) {
        List<String> contents = new ArrayList<>();
        for (LakeTable table : tables) {
            for (Map<String, Object> row : of(lake, table)) {
                row.replaceAll((name, value) -> value instanceof byte[] bytes ? Ids.recording(bytes) : value);
                contents.add(table + " " + row);
            }
        }
        return contents;
    }

    /** What must differ from row to row, as words. */
    public static String key(LakeTable kind, Map<String, Object> row) {
        return kind.key().stream()
                .map(name -> String.valueOf(row.get(name)))
                .toList()
                .toString();
    }

    private static Object plain(Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return value instanceof CharSequence ? value.toString() : value;
    }
}
