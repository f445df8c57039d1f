package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.generic.GenericData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Flat rows between Avro and Iceberg: boolean, int, long, float, double, string, bytes, and unions of null with one of
 * these, which are Iceberg's optional columns. Field ids are 1, 2, … in the order of the fields.
 */
final class AvroMapping {
    private AvroMapping() {}

    static Schema toIceberg(org.apache.avro.Schema row) {
        List<Types.NestedField> columns = new ArrayList<>();
        for (org.apache.avro.Schema.Field field : row.getFields()) {
            boolean optional = field.schema().isNullable();
            Type type = icebergType(row, field, optional ? nonNull(row, field) : field.schema());
            int id = columns.size() + 1;
            columns.add(
                    optional
                            ? Types.NestedField.optional(id, field.name(), type, field.doc())
                            : Types.NestedField.required(id, field.name(), type, field.doc()));
        }
        return new Schema(columns);
    }

    /** The Avro record of these columns; its strings are read as {@link String}. */
    static org.apache.avro.Schema toAvro(Schema schema, String name, String namespace, String doc) {
        return toAvro(schema.columns(), name, namespace, doc);
    }

    static org.apache.avro.Schema toAvro(List<Types.NestedField> columns, String name, String namespace, String doc) {
        List<org.apache.avro.Schema.Field> fields = columns.stream()
                .map(column -> {
                    org.apache.avro.Schema type = avroType(column);
                    return column.isOptional()
                            ? new org.apache.avro.Schema.Field(
                                    column.name(),
                                    org.apache.avro.Schema.createUnion(
                                            org.apache.avro.Schema.create(org.apache.avro.Schema.Type.NULL), type),
                                    column.doc(),
                                    JsonProperties.NULL_VALUE)
                            : new org.apache.avro.Schema.Field(column.name(), type, column.doc());
                })
                .toList();
        return org.apache.avro.Schema.createRecord(name, doc, namespace, false, fields);
    }

    private static org.apache.avro.Schema nonNull(org.apache.avro.Schema row, org.apache.avro.Schema.Field field) {
        List<org.apache.avro.Schema> others = field.schema().getTypes().stream()
                .filter(type -> type.getType() != org.apache.avro.Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            throw unsupported(row, field, field.schema());
        }
        return others.get(0);
    }

    private static Type icebergType(
            org.apache.avro.Schema row, org.apache.avro.Schema.Field field, org.apache.avro.Schema type) {
        return switch (type.getType()) {
            case BOOLEAN -> Types.BooleanType.get();
            case INT -> Types.IntegerType.get();
            case LONG -> Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case STRING -> Types.StringType.get();
            case BYTES -> Types.BinaryType.get();
            case RECORD, ENUM, ARRAY, MAP, UNION, FIXED, NULL -> throw unsupported(row, field, type);
        };
    }

    private static org.apache.avro.Schema avroType(Types.NestedField column) {
        return switch (column.type().typeId()) {
            case BOOLEAN -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.BOOLEAN);
            case INTEGER -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.INT);
            case LONG -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.LONG);
            case FLOAT -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.FLOAT);
            case DOUBLE -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.DOUBLE);
            case STRING -> javaString();
            case BINARY -> org.apache.avro.Schema.create(org.apache.avro.Schema.Type.BYTES);
            default ->
                throw GlossaException.data("Cannot read column '" + column.name() + "': its type is " + column.type()
                        + ", expected boolean, int, long, float, double, string or binary");
        };
    }

    private static org.apache.avro.Schema javaString() {
        org.apache.avro.Schema string = org.apache.avro.Schema.create(org.apache.avro.Schema.Type.STRING);
        GenericData.setStringType(string, GenericData.StringType.String);
        return string;
    }

    private static GlossaException unsupported(
            org.apache.avro.Schema row, org.apache.avro.Schema.Field field, org.apache.avro.Schema type) {
        return GlossaException.internal("Cannot map " + row.getFullName() + "." + field.name() + ": its type is " + type
                + ", expected boolean, int, long, float, double, string, bytes, or a union of null and one of these");
    }
}
