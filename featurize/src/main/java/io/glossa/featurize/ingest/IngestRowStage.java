package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.AudioInfo;
import io.glossa.featurize.features.UtteranceLength;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceBytes;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Transcript;
import io.glossa.storage.OrderHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    /** How many recordings of the file there are; null for none. */
    static final String VERSIONS = "versions";

    private static final StructType CUT = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("start_s", DataTypes.DoubleType, false)
            .add("end_s", DataTypes.DoubleType, false)
            .add("duration_s", DataTypes.DoubleType, false)
            .add("speaker", DataTypes.StringType)
            .add("lang", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("raw_text", DataTypes.StringType)
            .add("audio", DataTypes.BinaryType, false)
            .add("order_hash", DataTypes.LongType, false)
            .add("length_class", DataTypes.IntegerType, false);

    /**
     * What was listed and one of three: the recording with its cuts; where {@code code} is not null, the reject; where {@code
     * cuts} is null too, the version of a file whose bytes are those that are known.
     */
    static final StructType READ = new StructType()
            .add("uri", DataTypes.StringType)
            .add("listed", DataTypes.StringType)
            .add("licence", DataTypes.StringType)
            .add("source", DataTypes.StringType)
            .add("lang", DataTypes.StringType)
            .add("domain", DataTypes.StringType)
            .add(KNOWN_ID, DataTypes.StringType)
            .add("split", DataTypes.StringType)
            .add("labelled", DataTypes.BooleanType)
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

    /** How a file may differ from the recording that is known, before it is read. */
    enum Change {
        NONE,
        POSSIBLE
    }

    /** Of a file that is as long as it was, and of which it is not known when it was changed, none is expected. */
    static Change change(Row known, SourceFile file, Transcript said, SourceBytes.Version version) {
        if (!isAsKnown(known, file, said) || !known.<Long>getAs(KNOWN_BYTES).equals(version.bytes())) {
            return Change.POSSIBLE;
        }
        Long modified = known.getAs(KNOWN_MODIFIED);
        return modified == null || modified == version.modifiedMs() ? Change.NONE : Change.POSSIBLE;
    }

    /** Whether the recording that is known has these bytes and all else that is said of the file. */
    static boolean isKnown(Row known, SourceFile file, Transcript said, byte[] bytes) {
        return isAsKnown(known, file, said) && Ids.recording(bytes).equals(known.getAs(KNOWN_ID));
    }

    private static boolean isAsKnown(Row known, SourceFile file, Transcript said) {
        Labels labels = file.labels();
        return Long.valueOf(1).equals(known.getAs(VERSIONS))
                && file.spans().isEmpty()
                && Objects.equals(known.getAs("known_text"), said.raw())
                && Objects.equals(known.getAs("known_lang"), labels.lang())
                && Objects.equals(known.getAs("known_split"), said.split())
                && Objects.equals(known.getAs("known_speaker"), labels.speaker())
                && Objects.equals(known.getAs("known_licence"), labels.licence())
                && Objects.equals(known.getAs("known_domain"), labels.domain());
    }

    /** A row that has more columns than {@link #READ}, without these. */
    static Row read(Row row) {
        Object[] values = new Object[READ.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getAs(READ.fieldNames()[i]);
        }
        return RowFactory.create(values);
    }

    /** The file was changed in nothing but perhaps its time. */
    static Row same(Row listed, SourceBytes.Version version) {
        return row(listed, null, version, listed.getAs(KNOWN_ID), version.bytes());
    }

    static Row read(Row listed, Transcript said, SourceBytes.Version version, Recording recording) {
        List<Row> cuts = new ArrayList<>();
        for (Utterance utterance : recording.utterances()) {
            double start = (double) utterance.segment().start() / AudioDecoder.SAMPLE_RATE;
            double end = (double) utterance.segment().end() / AudioDecoder.SAMPLE_RATE;
            cuts.add(RowFactory.create(
                    utterance.id(),
                    start,
                    end,
                    end - start,
                    utterance.speaker(),
                    utterance.lang(),
                    utterance.text(),
                    utterance.rawText(),
                    utterance.flac(),
                    OrderHash.of(utterance.id()),
                    UtteranceLength.lengthClass(utterance.segment().length())));
        }
        AudioInfo info = recording.audio().info();
        return row(
                listed,
                new Object[] {
                    said.split(), recording.utterances().stream().anyMatch(utterance -> utterance.text() != null)
                },
                version,
                recording.id(),
                recording.bytes(),
                info.container(),
                info.codec(),
                info.sampleRate(),
                info.channels(),
                info.durationSeconds(),
                recording.audio().partial(),
                recording.warning(),
                cuts.toArray(Row[]::new));
    }

    /** What cannot be read, or ends its decoder, is looked at again by the next run, so it has no digest. */
    static Row refused(Row listed, Refusal refusal) {
        Object[] values = values(listed);
        if (ReadTotalsStage.isUnread(refusal.code()) || refusal.code().endsDecoder()) {
            values[READ.fieldIndex("listed")] = null;
        }
        values[values.length - 3] = Ids.reject(IngestStage.STAGE, listed.getAs("uri"), refusal.code());
        values[values.length - 2] = refusal.code().name();
        values[values.length - 1] = refusal.getMessage();
        return RowFactory.create(values);
    }

    private static Row row(Row listed, Object[] said, SourceBytes.Version version, Object... found) {
        Object[] values = values(listed);
        int at = READ.fieldIndex("split");
        if (said != null) {
            System.arraycopy(said, 0, values, at, said.length);
        }
        values[at + 2] = version.modifiedMs();
        System.arraycopy(found, 0, values, at + 3, found.length);
        return RowFactory.create(values);
    }

    /** Of {@link #READ}, as far as they are known before the file is. */
    private static Object[] values(Row listed) {
        Object[] values = new Object[READ.size()];
        for (int i = 0; i < READ.fieldIndex("split"); i++) {
            values[i] = listed.getAs(READ.fieldNames()[i]);
        }
        return values;
    }
}
