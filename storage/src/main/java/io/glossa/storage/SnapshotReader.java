package io.glossa.storage;

import static org.apache.iceberg.expressions.Binder.boundReferences;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/**
 * Reads the rows of one snapshot without Spark: Iceberg plans the files, parquet-avro reads them, columns are found by
 * field id. Columns have the names that they have in the table today, whatever they were called when the snapshot or a
 * file was written; one that was added since is null.
 *
 * <p>Immutable: {@link #select} and {@link #where} make new readers. Files come in the order of their locations and rows
 * in the order of their file, so a snapshot is read in the same order each time.
 */
public final class SnapshotReader {
    private final Table table;
    private final LakeTable kind;
    private final long snapshot;
    private final List<Types.NestedField> columns;
    private final Expression filter;

    private SnapshotReader(
            Table table, LakeTable kind, long snapshot, List<Types.NestedField> columns, Expression filter) {
        this.table = table;
        this.kind = kind;
        this.snapshot = snapshot;
        this.columns = columns;
        this.filter = filter;
    }

    /**
     * All columns and all rows of a snapshot.
     *
     * @throws GlossaException of type USER if the table has no such snapshot
     */
    public static SnapshotReader of(Lake lake, LakeTable kind, long snapshot) {
        Table table = lake.table(kind);
        if (table.snapshot(snapshot) == null) {
            throw GlossaException.user("Cannot read " + kind.tableName() + ": no snapshot " + snapshot + " in "
                    + table.location() + ", expected one in its history (it may have expired)");
        }
        return new SnapshotReader(table, kind, snapshot, table.schema().columns(), Expressions.alwaysTrue());
    }

    /** Only these columns, in this order. */
    public SnapshotReader select(String... names) {
        List<Types.NestedField> selected = Stream.of(names).map(this::column).toList();
        return new SnapshotReader(table, kind, snapshot, selected, filter);
    }

    /** Only the rows for which this holds, and those for which earlier conditions do. Files that have none are not read. */
    public SnapshotReader where(Expression condition) {
        try {
            boundReferences(table.schema().asStruct(), List.of(condition), true);
        } catch (ValidationException e) {
            throw GlossaException.user("Cannot filter " + kind.tableName() + " by " + condition + ": " + e.getMessage())
                    .causedBy(e);
        }
        return new SnapshotReader(table, kind, snapshot, columns, Expressions.and(filter, condition));
    }

    /**
     * The data files that may hold rows asked for, ordered by location.
     *
     * @throws GlossaException of type DATA for a file with deletes attached: the lake's tables are copy-on-write
     */
    public List<DataFileRef> files() {
        Expression pruning = SnapshotFilter.translate(filter, table, snapshot);
        List<DataFileRef> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot).filter(pruning).planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(readable(task));
            }
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot plan snapshot " + snapshot + " of " + kind.tableName() + ": " + e.getMessage())
                    .causedBy(e);
        }
        files.sort(Comparator.comparing(DataFileRef::location));
        return List.copyOf(files);
    }

    /** The rows asked for, file by file; strings are {@link String}, binaries ByteBuffer. Close the stream. */
    public Stream<GenericRecord> rows() {
        return rows(files());
    }

    /** The rows asked for of some of {@link #files}, in the order given. Close the stream. */
    public Stream<GenericRecord> rows(List<DataFileRef> files) {
        Set<Integer> filtered = boundReferences(table.schema().asStruct(), List.of(filter), true);
        List<Types.NestedField> needed = new ArrayList<>(columns);
        for (Types.NestedField column : table.schema().columns()) {
            if (filtered.contains(column.fieldId()) && !columns.contains(column)) {
                needed.add(column);
            }
        }
        RowProjection projection = new RowProjection(kind.avroSchema(), columns, needed, filter);
        return RowStream.of(
                files.stream()
                        .map(file -> table.io().newInputFile(file.location(), file.bytes()))
                        .toList(),
                projection);
    }

    private DataFileRef readable(FileScanTask task) {
        String location = task.file().location();
        if (!task.deletes().isEmpty()) {
            throw GlossaException.data("Cannot read " + location + ": it has deletes attached ("
                    + task.deletes().get(0).location() + "), expected none (rewrite " + kind.tableName()
                    + " with copy-on-write)");
        }
        if (task.file().format() != FileFormat.PARQUET) {
            throw GlossaException.data(
                    "Cannot read " + location + ": its format is " + task.file().format() + ", expected PARQUET");
        }
        return new DataFileRef(location, task.file().recordCount(), task.file().fileSizeInBytes());
    }

    private Types.NestedField column(String name) {
        Types.NestedField column = table.schema().findField(name);
        if (column == null) {
            List<String> names = table.schema().columns().stream()
                    .map(Types.NestedField::name)
                    .toList();
            throw GlossaException.user("Cannot select '" + name + "' of " + kind.tableName()
                    + ": no such column, expected one of " + String.join(", ", names)
                    + Nearest.hint(name, names));
        }
        return column;
    }
}
