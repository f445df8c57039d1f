package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.AudioInfo;
import io.glossa.featurize.decode.SourceBytes;
import io.glossa.featurize.features.UtteranceLength;
import io.glossa.storage.OrderHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows between listing, reading and writing files in {@link IngestStage}. */
final class IngestRowStage {
    /** The recording that an earlier run made of the file; null if there is none. */
    static final String KNOWN_ID = "known_id";

    /** The length and the time of change of the file that it read; null where they are not known. */
    static final String KNOWN_BYTES = "known_bytes";

    static final String KNOWN_MODIFIED = "known_modified_ms";

    /** True if the lake says of the file what the listing says of it. */
    static final String AS_LISTED = "as_listed";

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
            .add("audio", DataTypes.BinaryType, false)
            .add("order_hash", DataTypes.LongType, false)
            .add("length_class", DataTypes.IntegerType, false);

    /**
     * What was listed and one of three: the recording with its cuts; where {@code code} is not null, the reject; where {@code
     * cuts} is null too, the version of a file whose bytes are those that are known.
     */
    static final StructType READ = LISTED.add(KNOWN_ID, DataTypes.StringType)
            .add("modified_ms", DataTypes.LongType)
            .add("id", DataTypes.StringType)
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

    /** How a file may differ from the recording that is known, before it is read. */
    enum Change {
        NONE,
        /** It is as long as it was; when that was changed is not known. */
        UNDATED,
        POSSIBLE
    }

    static Change change(Row listed, SourceBytes.Version version) {
        if (!isAsListed(listed) || !listed.<Long>getAs(KNOWN_BYTES).equals(version.bytes())) {
            return Change.POSSIBLE;
        }
        Long modified = listed.getAs(KNOWN_MODIFIED);
        if (modified == null) {
            return Change.UNDATED;
        }
        return modified == version.modifiedMs() ? Change.NONE : Change.POSSIBLE;
    }

    /** Whether the recording that is known has these bytes and is as it is listed. */
    static boolean isKnown(Row listed, byte[] bytes) {
        return isAsListed(listed) && Ids.recording(bytes).equals(listed.getAs(KNOWN_ID));
    }

    private static boolean isAsListed(Row listed) {
        return Boolean.TRUE.equals(listed.getAs(AS_LISTED));
    }

    /** The file was changed in nothing but perhaps its time. */
    static Row same(Row listed, SourceBytes.Version version) {
        return row(listed, version, listed.getAs(KNOWN_ID), version.bytes());
    }

    static Row read(Row listed, SourceBytes.Version version, Recording recording) {
        List<Row> cuts = new ArrayList<>();
        for (Utterance utterance : recording.utterances()) {
            double start = (double) utterance.segment().start() / AudioDecoder.SAMPLE_RATE;
            double end = (double) utterance.segment().end() / AudioDecoder.SAMPLE_RATE;
            cuts.add(RowFactory.create(
                    utterance.id(),
                    start,
                    end,
                    end - start,
                    utterance.flac(),
                    OrderHash.of(utterance.id()),
                    UtteranceLength.lengthClass(utterance.segment().length())));
        }
        AudioInfo info = recording.audio().info();
        return row(
                listed,
                version,
                recording.id(),
                recording.bytes(),
                info.container(),
                info.codec(),
                info.sampleRate(),
                info.channels(),
                info.durationSeconds(),
                recording.audio().partial(),
                recording.audio().warning(),
                cuts.toArray(Row[]::new));
    }

    static Row refused(Row listed, Refusal refusal) {
        Object[] values = values(listed);
        values[values.length - 3] = Ids.reject(IngestStage.STAGE, listed.getAs("uri"), refusal.code());
        values[values.length - 2] = refusal.code().name();
        values[values.length - 1] = refusal.getMessage();
        return RowFactory.create(values);
    }

    private static Row row(Row listed, SourceBytes.Version version, Object... found) {
        Object[] values = values(listed);
        values[LISTED.size() + 1] = version.modifiedMs();
        System.arraycopy(found, 0, values, LISTED.size() + 2, found.length);
        return RowFactory.create(values);
    }

    /** Of {@link #READ}, as far as they are known before the file is. */
    private static Object[] values(Row listed) {
        Object[] values = Arrays.copyOf(listedValues(file(listed)), READ.size());
        values[LISTED.size()] = listed.getAs(KNOWN_ID);
        return values;
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
