package io.glossa.featurize.ingest;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.decode.DecodingMemory;
import io.glossa.featurize.lake.WorkStage;
import io.glossa.featurize.source.SourceBytes;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Transcript;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Has files read and decoded by tasks, each file by one. */
final class ReadFilesStage {
    private static final int FILES_PER_TASK = 500;

    private ReadFilesStage() {}

    /**
     * A row of {@link IngestRowStage#READ} for each file that is not finished, or was changed.
     *
     * @param files as {@link KnownFilesStage#unfinished} gives them
     * @param count about how many there are
     */
    static Dataset<Row> read(SparkSession spark, Dataset<Row> files, long count, IngestConfig config) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        LongAccumulator done = WorkStage.counter(spark);
        long tasks = Math.max(4L * context.defaultParallelism(), count / FILES_PER_TASK);
        return files.repartition((int) Math.max(1, Math.min(count, tasks)))
                .flatMap(
                        (FlatMapFunction<Row, Row>) row -> ingest(row, hadoop.value(), config, done),
                        Encoders.row(IngestRowStage.READ));
    }

    private static Iterator<Row> ingest(
            Row listed, SerializableConfiguration hadoop, IngestConfig config, LongAccumulator done) {
        done.add(1);
        SourceFile file = ListedRowStage.file(listed);
        try {
            if (file.fault() != null) {
                throw new Refusal(file.fault().code(), file.fault().detail());
            }
            SourceBytes source = new SourceBytes(hadoop.value());
            Transcript said = Transcript.of(file, source);
            SourceBytes.Version version = file.version();
            return List.of(
                            IngestRowStage.change(listed, file, said, version) == IngestRowStage.Change.NONE
                                    ? IngestRowStage.same(listed, version)
                                    : DecodingMemory.during(
                                            version.bytes(),
                                            config.maxFileSeconds(),
                                            () -> read(listed, file, said, source.read(file), config)))
                    .iterator();
        } catch (Refusal refusal) {
            return List.of(IngestRowStage.refused(listed, refusal)).iterator();
        }
    }

    private static Row read(Row listed, SourceFile file, Transcript said, byte[] bytes, IngestConfig config)
            throws Refusal {
        return IngestRowStage.isKnown(listed, file, said, bytes)
                ? IngestRowStage.same(listed, file.version())
                : IngestRowStage.read(listed, said, file.version(), Recording.of(file, said, bytes, config));
    }
}
