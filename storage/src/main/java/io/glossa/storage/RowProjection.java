package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Types;
import org.apache.parquet.filter2.predicate.FilterPredicate;

/** From a file's columns, found by field id, to rows of the wanted columns. Immutable; each file gets a {@link Cursor}. */
final class RowProjection {
    private final List<Types.NestedField> needed;
    private final Schema output;
    private final Expression filter;
    private final Evaluator evaluator;

    /**
     * @param row the table's Avro schema, for its name
     * @param columns what rows shall have
     * @param needed {@code columns} and after them those that only the filter reads
     * @param filter which rows to keep
     */
    RowProjection(Schema row, List<Types.NestedField> columns, List<Types.NestedField> needed, Expression filter) {
        this.needed = needed;
        this.filter = filter;
        this.output = AvroMapping.toAvro(columns, row.getName(), row.getNamespace(), row.getDoc());
        this.evaluator = new Evaluator(Types.StructType.of(needed), filter);
    }

    /**
     * A cursor for one file.
     *
     * @param names the file's column names by field id
     * @throws GlossaException of type DATA if a required column is not in the file
     */
    Cursor cursor(String location, Map<Integer, String> names) {
        List<Types.NestedField> present = new ArrayList<>();
        Map<String, Types.NestedField> inFile = new HashMap<>();
        int[] positions = new int[needed.size()];
        for (int i = 0; i < positions.length; i++) {
            Types.NestedField column = needed.get(i);
            String name = names.get(column.fieldId());
            if (name == null && column.isRequired()) {
                throw GlossaException.data("Cannot read " + location + ": no column with field id " + column.fieldId()
                        + ", expected '" + column.name() + "'");
            }
            positions[i] = name == null ? -1 : present.size();
            if (name != null) {
                Types.NestedField found =
                        Types.NestedField.from(column).withName(name).build();
                present.add(found);
                inFile.put(column.name(), found);
            }
        }
        return new Cursor(AvroMapping.toAvro(present, "row", null, null), positions, ParquetPruning.of(filter, inFile));
    }

    /** Shows one record after another, in the file's layout, as needed columns by position; absent ones are null. */
    final class Cursor implements StructLike {
        private final Schema inFile;
        private final int[] positions;
        private final Optional<FilterPredicate> pruning;
        private GenericRecord record;

        private Cursor(Schema inFile, int[] positions, Optional<FilterPredicate> pruning) {
            this.inFile = inFile;
            this.positions = positions;
            this.pruning = pruning;
        }

        /** What rows to keep can be said of in the file's terms; empty where that is nothing. */
        Optional<FilterPredicate> pruning() {
            return pruning;
        }

        /** The columns to read, by their names in the file. */
        Schema inFile() {
            return inFile;
        }

        /** Moves to a record; false if the filter drops it. */
        boolean moveTo(GenericRecord next) {
            record = next;
            return evaluator.eval(this);
        }

        /** The wanted columns of the record moved to. */
        GenericRecord row() {
            GenericRecord row = new GenericData.Record(output);
            for (int i = 0; i < output.getFields().size(); i++) {
                row.put(i, get(i, Object.class));
            }
            return row;
        }

        @Override
        public int size() {
            return positions.length;
        }

        @Override
        public <T> T get(int position, Class<T> type) {
            return positions[position] < 0 ? null : type.cast(record.get(positions[position]));
        }

        @Override
        public <T> void set(int position, T value) {
            throw new UnsupportedOperationException("Cannot set a value: rows are read-only");
        }
    }
}
