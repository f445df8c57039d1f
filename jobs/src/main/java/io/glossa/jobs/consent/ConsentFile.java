package io.glossa.jobs.consent;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A file of consent, CSV with names in its first line, or Parquet; or a folder of Parquet. */
final class ConsentFile {
    private static final String MALFORMED = "malformed_line";

    private final SparkSession spark;
    private final String location;
    private final FileStatus status;

    /** @throws GlossaException of type USER if there is none */
    ConsentFile(SparkSession spark, String location) {
        this.spark = spark;
        this.location = location;
        try {
            Path path = new Path(location);
            FileSystem system = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
            status = system.getFileStatus(path);
        } catch (IOException | IllegalArgumentException e) {
            throw GlossaException.user("Cannot read consent from " + location + ": " + e
                            + ", expected a file that is there, CSV or Parquet")
                    .causedBy(e);
        }
    }

    /** What tells it from what it was. */
    String version() {
        return status.getPath() + " " + status.getLen() + " " + status.getModificationTime();
    }

    /**
     * Its rows in order, numbered from 1, of {@link ConsentRow#SCHEMA}.
     *
     * @throws GlossaException of type USER for a column that consent has none of
     */
    Dataset<Row> rows() {
        boolean csv = status.isFile() && location.toLowerCase(Locale.ROOT).endsWith(".csv");
        Dataset<Row> read = csv ? csv() : spark.read().parquet(location);
        List<String> columns = new ArrayList<>(List.of(read.columns()));
        columns.remove(MALFORMED);
        columns.forEach(this::requireKnown);
        return spark.createDataFrame(
                read.javaRDD().zipWithIndex().map(each -> row(each._1(), each._2() + 1, columns)), ConsentRow.SCHEMA);
    }

    private Dataset<Row> csv() {
        StructType schema = new StructType();
        for (String column : spark.read().option("header", true).csv(location).columns()) {
            schema = schema.add(column.strip(), DataTypes.StringType);
        }
        return spark.read()
                .option("header", true)
                .option("encoding", "UTF-8")
                .option("columnNameOfCorruptRecord", MALFORMED)
                .schema(schema.add(MALFORMED, DataTypes.StringType))
                .csv(location);
    }

    private void requireKnown(String column) {
        if (!ConsentRow.COLUMNS.contains(column)) {
            throw GlossaException.user("Cannot read consent from " + location + ": found a column '" + column
                    + "', expected some of " + String.join(", ", ConsentRow.COLUMNS)
                    + Nearest.hint(column, ConsentRow.COLUMNS));
        }
    }

    private static Row row(Row read, long number, List<String> columns) {
        int malformed = read.schema().getFieldIndex(MALFORMED).isDefined() ? read.fieldIndex(MALFORMED) : -1;
        if (malformed >= 0 && !read.isNullAt(malformed)) {
            return ConsentRow.malformed(number);
        }
        Map<String, String> texts = new TreeMap<>();
        for (String column : columns) {
            Object value = read.getAs(column);
            texts.put(column, value == null ? null : value.toString());
        }
        return new ConsentRow(number, texts).row();
    }
}
