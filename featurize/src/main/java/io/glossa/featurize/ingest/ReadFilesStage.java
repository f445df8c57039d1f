package io.glossa.featurize.ingest;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.decode.DecodingMemory;
import io.glossa.featurize.decode.SourceBytes;
import io.glossa.featurize.lake.WorkStage;
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

    /** A row of {@link IngestRowStage#READ} for each file that is not finished, or was changed. */
    static Dataset<Row> read(SparkSession spark, List<SourceFile> files, TablesStage before, IngestConfig config) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        LongAccumulator done = WorkStage.counter(spark);
        int tasks = Math.max(4 * context.defaultParallelism(), files.size() / FILES_PER_TASK);
        Dataset<Row> listed =
                spark.createDataFrame(files.stream().map(IngestRowStage::listed).toList(), IngestRowStage.LISTED);
        return KnownFilesStage.join(listed, before)
                .repartition(Math.max(1, Math.min(files.size(), tasks)))
                .flatMap(
                        (FlatMapFunction<Row, Row>) row -> ingest(row, hadoop.value(), config, done),
                        Encoders.row(IngestRowStage.READ));
    }

    private static Iterator<Row> ingest(
            Row listed, SerializableConfiguration hadoop, IngestConfig config, LongAccumulator done) {
        done.add(1);
        SourceFile file = IngestRowStage.file(listed);
        try {
            if (file.fault() != null) {
                throw new Refusal(file.fault().code(), file.fault().detail());
            }
            SourceBytes source = new SourceBytes(hadoop.value());
            SourceBytes.Version version = source.version(file.uri());
            return switch (IngestRowStage.change(listed, version)) {
                case NONE -> List.<Row>of().iterator();
                case UNDATED -> List.of(IngestRowStage.same(listed, version)).iterator();
                case POSSIBLE ->
                    List.of(read(listed, version, file, source, config)).iterator();
            };
        } catch (Refusal refusal) {
            return List.of(IngestRowStage.refused(listed, refusal)).iterator();
        }
    }

    private static Row read(
            Row listed, SourceBytes.Version version, SourceFile file, SourceBytes source, IngestConfig config)
            throws Refusal {
        return DecodingMemory.during(
                version.bytes(),
                config.maxFileSeconds(),
                () -> read(listed, version, file, source.read(file.uri()), config));
    }

    private static Row read(Row listed, SourceBytes.Version version, SourceFile file, byte[] bytes, IngestConfig config)
            throws Refusal {
        return IngestRowStage.isKnown(listed, bytes)
                ? IngestRowStage.same(listed, version)
                : IngestRowStage.read(listed, version, Recording.of(file, bytes, config));
    }
}
