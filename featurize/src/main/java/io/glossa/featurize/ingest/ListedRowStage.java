package io.glossa.featurize.ingest;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.Listed;
import io.glossa.featurize.source.Place;
import io.glossa.featurize.source.SourceBytes.Version;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.SourceFile.Extent;
import io.glossa.featurize.source.SourceFile.Fault;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.featurize.source.SourceFile.TextFile;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a listing finds as rows. */
final class ListedRowStage {
    static final String PLACE = "place";
    static final String PASSED_OVER = "passed_over";

    private static final StructType TEXT_FILE = new StructType()
            .add("uri", DataTypes.StringType)
            .add("bytes", DataTypes.LongType)
            .add("modified_ms", DataTypes.LongType)
            .add("encoding", DataTypes.StringType);
    private static final StructType EXTENT = new StructType()
            .add("file", DataTypes.StringType)
            .add("offset", DataTypes.LongType)
            .add("length", DataTypes.LongType);
    private static final StructType SPAN = new StructType()
            .add("start_s", DataTypes.DoubleType)
            .add("end_s", DataTypes.DoubleType)
            .add("text", DataTypes.StringType)
            .add("speaker", DataTypes.StringType)
            .add("lang", DataTypes.StringType);

    /** A recording, as {@link SourceFile} has it, and its digest. */
    static final StructType SCHEMA = new StructType()
            .add("uri", DataTypes.StringType)
            .add("key", DataTypes.StringType)
            .add("lang", DataTypes.StringType)
            .add("split", DataTypes.StringType)
            .add("speaker", DataTypes.StringType)
            .add("licence", DataTypes.StringType)
            .add("source", DataTypes.StringType)
            .add("domain", DataTypes.StringType)
            .add("said", DataTypes.StringType)
            .add("text_file", TEXT_FILE)
            .add("spans", DataTypes.createArrayType(SPAN))
            .add("extent", EXTENT)
            .add("bytes", DataTypes.LongType)
            .add("modified_ms", DataTypes.LongType)
            .add("fault_code", DataTypes.StringType)
            .add("fault_detail", DataTypes.StringType)
            .add("listed", DataTypes.StringType);

    /** A recording, or a place, or why something is neither. */
    static final StructType FOUND = SCHEMA.add(
                    PLACE,
                    new StructType()
                            .add("uri", DataTypes.StringType)
                            .add("start", DataTypes.LongType)
                            .add("end", DataTypes.LongType))
            .add(PASSED_OVER, DataTypes.StringType);

    private ListedRowStage() {}

    static Row found(Listed listed) {
        Object[] values = listed.recording() == null
                ? new Object[FOUND.size()]
                : Arrays.copyOf(values(listed.recording()), FOUND.size());
        Place place = listed.place();
        values[SCHEMA.size()] = place == null ? null : RowFactory.create(place.uri(), place.start(), place.end());
        values[SCHEMA.size() + 1] = listed.passedOver();
        return RowFactory.create(values);
    }

    static Place place(Row row) {
        return new Place(row.getString(0), row.getLong(1), row.getLong(2));
    }

    private static Object[] values(SourceFile file) {
        Labels labels = file.labels();
        TextFile text = file.textFile();
        Extent extent = file.extent();
        Version version = file.version();
        return new Object[] {
            file.uri(),
            file.key(),
            labels.lang(),
            labels.split(),
            labels.speaker(),
            labels.licence(),
            labels.source(),
            labels.domain(),
            file.text(),
            text == null
                    ? null
                    : RowFactory.create(text.uri(), bytes(text.version()), modified(text.version()), text.encoding()),
            file.spans().stream()
                    .map(span -> RowFactory.create(span.start(), span.end(), span.text(), span.speaker(), span.lang()))
                    .toArray(Row[]::new),
            extent == null ? null : RowFactory.create(extent.file(), extent.offset(), extent.length()),
            bytes(version),
            modified(version),
            file.fault() == null ? null : file.fault().code().name(),
            file.fault() == null ? null : file.fault().detail(),
            file.digest()
        };
    }

    private static Long bytes(Version version) {
        return version == null ? null : Long.valueOf(version.bytes());
    }

    private static Long modified(Version version) {
        return version == null ? null : Long.valueOf(version.modifiedMs());
    }

    /** Of a row with the columns of {@link #SCHEMA}. */
    static SourceFile file(Row row) {
        Labels labels = new Labels(
                row.getAs("lang"),
                row.getAs("split"),
                row.getAs("speaker"),
                row.getAs("licence"),
                row.getAs("source"),
                row.getAs("domain"));
        Row text = row.getAs("text_file");
        Row extent = row.getAs("extent");
        List<Row> spans = row.getList(row.fieldIndex("spans"));
        String fault = row.getAs("fault_code");
        return new SourceFile(
                row.getAs("uri"),
                row.getAs("key"),
                labels,
                row.getAs("said"),
                text == null ? null : new TextFile(text.getString(0), version(text, 1), text.getString(3)),
                spans.stream()
                        .map(span -> new Span(
                                span.getDouble(0),
                                span.getDouble(1),
                                span.getString(2),
                                span.getString(3),
                                span.getString(4)))
                        .toList(),
                extent == null ? null : new Extent(extent.getString(0), extent.getLong(1), extent.getLong(2)),
                version(row, row.fieldIndex("bytes")),
                fault == null ? null : new Fault(RejectCode.valueOf(fault), row.getAs("fault_detail")));
    }

    private static Version version(Row row, int bytes) {
        return row.isNullAt(bytes) ? null : new Version(row.getLong(bytes), row.getLong(bytes + 1));
    }
}
