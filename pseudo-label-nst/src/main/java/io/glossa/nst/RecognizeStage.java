package io.glossa.nst;

import static org.apache.spark.sql.functions.col;

import io.glossa.error.GlossaException;
import io.glossa.featurize.lake.WorkStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/** Features of the lake to hypotheses, as Spark tasks: what labelling and evaluation have in common. */
public final class RecognizeStage {
    /** A few per core, so that the last tasks end together. */
    private static final int TASKS_PER_CORE = 3;

    private static final StructType HYPOTHESES = new StructType()
            .add("utterance_id", DataTypes.StringType, false)
            .add("lang", DataTypes.StringType, false)
            .add("split", DataTypes.StringType, false)
            .add("text", DataTypes.StringType, false)
            .add("has_unknown", DataTypes.BooleanType, false)
            .add("score", DataTypes.DoubleType, false)
            .add("confidence", DataTypes.DoubleType, false)
            .add("seconds", DataTypes.DoubleType, false);

    private RecognizeStage() {}

    /**
     * The snapshot asked for, else the current one.
     *
     * @throws GlossaException of type USER if there is no such snapshot, or none at all
     */
    public static long snapshot(Lake lake, LakeTable table, OptionalLong asked) {
        if (asked.isPresent() && lake.table(table).snapshot(asked.getAsLong()) == null) {
            throw GlossaException.user("Cannot read " + table.tableName() + ": no snapshot " + asked.getAsLong()
                    + ", expected one in its history (it may have expired)");
        }
        return (asked.isPresent() ? asked : lake.snapshot(table))
                .orElseThrow(() -> GlossaException.user("Cannot read " + table.tableName()
                                + ": the table is empty, expected rows (ingest and featurize first)")
                        .forWantOfInput());
    }

    /**
     * The digest of the front end whose features in a snapshot the teacher hears.
     *
     * @param job whose error it is otherwise
     * @throws GlossaException of type USER if the snapshot has none such, or several, or of other bins
     */
    public static String frontEnd(Lake lake, long snapshot, Teacher teacher, String job) {
        return teacher.frontEnd().in(lake, snapshot, job, teacher.mels()).digest();
    }

    /**
     * The rows of one front end and some splits in a snapshot of the features, those included that are too long to be
     * recognised.
     */
    public static Dataset<Row> features(SparkSession spark, long snapshot, String frontEnd, List<String> splits) {
        return spark.sql("SELECT * FROM " + Lake.nameOf(LakeTable.FEATURES) + " VERSION AS OF " + snapshot)
                .where(col("config_digest").equalTo(frontEnd))
                .where(col("split").isInCollection(splits));
    }

    /** The rows that are longer than a model recognises at once. */
    public static Dataset<Row> tooLong(Dataset<Row> features) {
        return features.where(col("n_frames").gt(Teacher.longestFrames()));
    }

    /**
     * What the teacher recognises, with its score, confidence and length in seconds; too long utterances are left out.
     * The utterances of a task depend on their ids alone, so that a rerun makes the same batches. When all are collected
     * or written, call {@link #release}.
     */
    public static Dataset<Row> hypotheses(Dataset<Row> features, Teacher teacher) {
        int tasks = TASKS_PER_CORE * features.sparkSession().sparkContext().defaultParallelism();
        LongAccumulator done = WorkStage.counter(features.sparkSession());
        return features.where(col("n_frames").leq(Teacher.longestFrames()))
                .select("utterance_id", "lang", "split", "n_frames", "n_mels", "logmel")
                .repartition(tasks, col("utterance_id"))
                .sortWithinPartitions("n_frames", "utterance_id")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> transcribe(rows, teacher, done),
                        Encoders.row(HYPOTHESES));
    }

    /** Frees the models that tasks in this process left loaded for the next; an executor's are freed when it ends. */
    public static void release() {
        Transcribers.closeIdle();
    }

    /** A row of {@link #hypotheses}. */
    public static Hypothesis hypothesis(Row row) {
        return new Hypothesis(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getDouble(7));
    }

    private static Iterator<Row> transcribe(Iterator<Row> rows, Teacher teacher, LongAccumulator done) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Transcriber transcriber = Transcribers.borrow(teacher, GpuStage.address(teacher.device()));
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> {
            if (context.isFailed() || context.isInterrupted()) {
                Transcribers.giveUp(transcriber);
            } else {
                Transcribers.giveBack(transcriber);
            }
        });
        Iterator<Hypothesis> hypotheses = transcriber.transcribe(mapped(rows, RecognizeStage::features));
        return mapped(hypotheses, hypothesis -> {
            done.add(1);
            return row(hypothesis);
        });
    }

    private static Features features(Row row) {
        return new Features(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getInt(4),
                row.<byte[]>getAs(5));
    }

    private static Row row(Hypothesis hypothesis) {
        return RowFactory.create(
                hypothesis.utterance(),
                hypothesis.lang(),
                hypothesis.split(),
                hypothesis.text(),
                hypothesis.hasUnknown(),
                hypothesis.score(),
                hypothesis.confidence(),
                hypothesis.seconds());
    }

    private static <A, B> Iterator<B> mapped(Iterator<A> from, Function<A, B> by) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public B next() {
                return by.apply(from.next());
            }
        };
    }
}
