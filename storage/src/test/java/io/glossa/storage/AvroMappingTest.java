package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AvroMappingTest {
    @ParameterizedTest
    @EnumSource(LakeTable.class)
    void everyRowMapsToIcebergAndBack(LakeTable table) {
        Schema row = table.avroSchema();
        Schema back =
                AvroMapping.toAvro(table.icebergSchema().columns(), row.getName(), row.getNamespace(), row.getDoc());
        assertThat(back.toString().replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\""))
                .isEqualTo(row.toString());
    }

    @ParameterizedTest
    @EnumSource(LakeTable.class)
    void everyFieldSaysWhatItIs(LakeTable table) {
        assertThat(table.avroSchema().getDoc()).isNotBlank();
        assertThat(table.avroSchema().getFields())
                .allSatisfy(field -> assertThat(field.doc()).isNotBlank())
                .allSatisfy(field -> assertThat(field.name()).matches("[a-z][a-z0-9_]*"));
    }

    @Test
    void aUnionWithNullIsAnOptionalColumn() {
        Types.NestedField teacher = LakeTable.TRANSCRIPTS.icebergSchema().findField("teacher");
        assertThat(teacher.isOptional()).isTrue();
        assertThat(teacher.type()).isEqualTo(Types.StringType.get());
        assertThat(LakeTable.TRANSCRIPTS.icebergSchema().findField("text").isRequired())
                .isTrue();
    }

    @Test
    void otherTypesAreRefusedByName() {
        Schema list = SchemaBuilder.record("Row")
                .namespace("x")
                .fields()
                .name("words")
                .type()
                .array()
                .items()
                .stringType()
                .noDefault()
                .endRecord();
        assertThatThrownBy(() -> AvroMapping.toIceberg(list))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("Cannot map x.Row.words: its type is {\"type\":\"array\"");
        Schema union = SchemaBuilder.record("Row")
                .fields()
                .name("either")
                .type()
                .unionOf()
                .intType()
                .and()
                .stringType()
                .endUnion()
                .noDefault()
                .endRecord();
        assertThatThrownBy(() -> AvroMapping.toIceberg(union))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("Row.either");
    }
}
