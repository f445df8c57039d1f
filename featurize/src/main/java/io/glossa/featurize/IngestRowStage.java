package io.glossa.featurize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows between listing, reading and writing files in {@link IngestStage}. */
final class IngestRowStage {
    /** Length of the file when it was finished by an earlier run; null if it was not. */
    static final String KNOWN_BYTES = "known_bytes";

    /** What the caller lists. */
    static final StructType LISTED = new StructType()
            .add("uri", DataTypes.StringType, false)
            .add("lang", DataTypes.StringType, false)
            .add("split", DataTypes.StringType, false)
            .add("speaker", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("raw_text", DataTypes.StringType)
            .add("licence", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("fault_code", DataTypes.StringType)
            .add("fault_detail", DataTypes.StringType);

    private static final StructType CUT = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("start_s", DataTypes.DoubleType, false)
            .add("end_s", DataTypes.DoubleType, false)
            .add("duration_s", DataTypes.DoubleType, false)
            .add("audio", DataTypes.BinaryType, false);

    /** What was listed and either the recording with its cuts or, where {@code code} is not null, the reject. */
    static final StructType READ = LISTED.add("id", DataTypes.StringType)
            .add("bytes", DataTypes.LongType)
            .add("container", DataTypes.StringType)
            .add("codec", DataTypes.StringType)
            .add("sample_rate", DataTypes.IntegerType)
            .add("channels", DataTypes.IntegerType)
            .add("duration_s", DataTypes.DoubleType)
            .add("partial", DataTypes.BooleanType)
            .add("warning", DataTypes.StringType)
            .add("cuts", DataTypes.createArrayType(CUT, false))
            .add("reject_id", DataTypes.StringType)
            .add("code", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private IngestRowStage() {}

    static Row listed(SourceFile file) {
        return RowFactory.create(listedValues(file));
    }

    static SourceFile file(Row row) {
        return new SourceFile(
                row.getAs("uri"),
                "",
                row.getAs("lang"),
                row.getAs("split"),
                row.getAs("speaker"),
                row.getAs("text"),
                row.getAs("raw_text"),
                row.getAs("licence"),
                row.getAs("source"),
                fault(row));
    }

    private static SourceFile.Fault fault(Row row) {
        String code = row.getAs("fault_code");
        return code == null ? null : new SourceFile.Fault(RejectCode.valueOf(code), row.getAs("fault_detail"));
    }

    /** −1 if the file is not finished. */
    static long knownBytes(Row row) {
        Long known = row.getAs(KNOWN_BYTES);
        return known == null ? -1 : known;
    }

    static Row read(SourceFile file, Recording recording) {
        List<Row> cuts = new ArrayList<>();
        for (Utterance utterance : recording.utterances()) {
            double start = (double) utterance.segment().start() / AudioDecoder.SAMPLE_RATE;
            double end = (double) utterance.segment().end() / AudioDecoder.SAMPLE_RATE;
            cuts.add(RowFactory.create(utterance.id(), start, end, end - start, utterance.flac()));
        }
        AudioInfo info = recording.audio().info();
        return row(
                file,
                recording.id(),
                recording.bytes(),
                info.container(),
                info.codec(),
                info.sampleRate(),
                info.channels(),
                info.durationSeconds(),
                recording.audio().partial(),
                recording.audio().warning(),
                cuts.toArray(Row[]::new),
                null,
                null,
                null);
    }

    static Row refused(SourceFile file, Refusal refusal) {
        Object[] values = new Object[READ.size() - LISTED.size()];
        values[values.length - 3] = Ids.reject(IngestStage.STAGE, file.uri(), refusal.code());
        values[values.length - 2] = refusal.code().name();
        values[values.length - 1] = refusal.getMessage();
        return row(file, values);
    }

    private static Row row(SourceFile file, Object... found) {
        Object[] values = Arrays.copyOf(listedValues(file), READ.size());
        System.arraycopy(found, 0, values, LISTED.size(), found.length);
        return RowFactory.create(values);
    }

    private static Object[] listedValues(SourceFile file) {
        return new Object[] {
            file.uri(),
            file.lang(),
            file.split(),
            file.speaker(),
            file.text(),
            file.rawText(),
            file.licence(),
            file.source(),
            file.fault() == null ? null : file.fault().code().name(),
            file.fault() == null ? null : file.fault().detail()
        };
    }
}
