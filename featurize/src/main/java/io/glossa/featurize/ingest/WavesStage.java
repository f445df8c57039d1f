package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;

import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriterStage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Files in the order of their URIs, so that of twins the same is first whatever the waves are, cut into waves: each file counts
 * as its share of the bytes and of the files that a wave may have, and a wave ends when these add up to one. The order is kept on
 * the executors' disks; the driver knows a sum for each part of it.
 */
final class WavesStage implements AutoCloseable {
    /** What a full wave counts. */
    private static final long FULL = 1L << 40;

    private final SparkSession spark;
    private final WaveConfig config;
    private final KeptStage ordered;
    /** What the files before each part count, and at the end what all do. */
    private final List<Long> before = new ArrayList<>();

    private final long files;
    private final long refused;
    private final int waves;

    /** What the files of a part of the order count, and what those of it before its last do. */
    private record Part(long files, long refused, long count, long beforeLast) implements Serializable {}

    /** @param files with {@code uri} and {@code bytes}; those with a {@link KnownFilesStage#REFUSED} are in no wave */
    WavesStage(SparkSession spark, Dataset<Row> files, WaveConfig config) {
        this.spark = spark;
        this.config = config;
        ordered = new KeptStage(spark, files.sort("uri"), files.schema());
        List<Part> parts = ordered.rows()
                .javaRDD()
                .mapPartitions(part -> Collections.singleton(sum(part, config)).iterator())
                .collect();
        long sum = 0;
        long last = -1;
        long all = 0;
        long refused = 0;
        before.add(sum);
        for (Part part : parts) {
            last = part.files() == 0 ? last : sum + part.beforeLast();
            sum += part.count();
            all += part.files();
            refused += part.refused();
            before.add(sum);
        }
        this.files = all;
        this.refused = refused;
        waves = (int) (last / FULL) + (all == 0 ? 0 : 1);
    }

    private static Part sum(Iterator<Row> part, WaveConfig config) {
        long files = 0;
        long refused = 0;
        long sum = 0;
        long beforeLast = 0;
        while (part.hasNext()) {
            Row file = part.next();
            if (isOpen(file)) {
                beforeLast = sum;
                sum += count(file, config);
                files++;
            } else {
                refused++;
            }
        }
        return new Part(files, refused, sum, beforeLast);
    }

    /** At most a full wave, so that no wave is without files. */
    private static long count(Row file, WaveConfig config) {
        Long bytes = file.getAs("bytes");
        double share = (bytes == null ? 0 : (double) bytes / config.waveBytes()) + 1.0 / config.waveFiles();
        return Math.max(1, (long) (FULL * Math.min(1, share)));
    }

    private static boolean isOpen(Row file) {
        return file.getAs(KnownFilesStage.REFUSED) == null;
    }

    /** The files that were refused before, by code. */
    Map<String, Long> refused() {
        return refused == 0
                ? Map.of()
                : WriterStage.byCode(ordered.rows()
                        .where(col(KnownFilesStage.REFUSED).isNotNull())
                        .withColumnRenamed(KnownFilesStage.REFUSED, "code"));
    }

    /** How many files are in waves. */
    long files() {
        return files;
    }

    int waves() {
        return waves;
    }

    /** The files of one wave, at least one. */
    Dataset<Row> wave(int wave) {
        List<Long> counts = List.copyOf(before);
        WaveConfig size = config;
        return spark.createDataFrame(
                ordered.rows()
                        .javaRDD()
                        .mapPartitionsWithIndex(
                                (index, part) -> counts.get(index + 1) / FULL < wave
                                        ? Collections.emptyIterator()
                                        : inWave(part, counts.get(index), wave, size)
                                                .iterator(),
                                true),
                ordered.rows().schema());
    }

    /** Of a part that begins at a count. */
    private static List<Row> inWave(Iterator<Row> part, long start, int wave, WaveConfig config) {
        List<Row> found = new ArrayList<>();
        for (long at = start; at / FULL <= wave && part.hasNext(); ) {
            Row file = part.next();
            if (isOpen(file)) {
                if (at / FULL == wave) {
                    found.add(file);
                }
                at += count(file, config);
            }
        }
        return found;
    }

    @Override
    public void close() {
        ordered.close();
    }
}
