package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.when;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.decode.DecodingMemory;
import io.glossa.featurize.lake.WorkStage;
import io.glossa.featurize.source.SourceBytes;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Transcript;
import java.util.Iterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
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
        Column isRow = col("extent.length").equalTo(SourceFile.Extent.ROW);
        // Rows of a table are read with their neighbours, since one costs as much as its row group.
        Column together = when(isRow, col("extent.file")).otherwise(col("uri"));
        Column part = when(isRow, floor(col("extent.offset").divide(FILES_PER_TASK)));
        return files.repartition((int) Math.min(tasks, Integer.MAX_VALUE), together, part)
                .sortWithinPartitions("uri")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows ->
                                read(rows, new SourceBytes(hadoop.value().value()), config, done),
                        Encoders.row(IngestRowStage.READ));
    }

    private static Iterator<Row> read(
            Iterator<Row> rows, SourceBytes source, IngestConfig config, LongAccumulator done) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                done.add(1);
                return ingest(rows.next(), source, config);
            }
        };
    }

    private static Row ingest(Row listed, SourceBytes source, IngestConfig config) {
        SourceFile file = ListedRowStage.file(listed);
        try {
            if (file.fault() != null) {
                throw new Refusal(file.fault().code(), file.fault().detail());
            }
            Transcript said = Transcript.of(file, source);
            SourceBytes.Version version = file.version();
            return IngestRowStage.change(listed, file, said, version) == IngestRowStage.Change.NONE
                    ? IngestRowStage.same(listed, version)
                    : DecodingMemory.during(
                            version.bytes(),
                            config.maxFileSeconds(),
                            () -> read(listed, file, said, source.read(file), config));
        } catch (Refusal refusal) {
            return IngestRowStage.refused(listed, refusal);
        }
    }

    private static Row read(Row listed, SourceFile file, Transcript said, byte[] bytes, IngestConfig config)
            throws Refusal {
        return IngestRowStage.isKnown(listed, file, said, bytes)
                ? IngestRowStage.same(listed, file.version())
                : IngestRowStage.read(listed, said, file.version(), Recording.of(file, said, bytes, config));
    }
}
