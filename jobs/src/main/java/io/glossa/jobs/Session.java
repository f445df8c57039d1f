package io.glossa.jobs;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of one job: the cluster's under {@code spark-submit}, else one in this process. It sees the lake as
 * the catalog {@code lake} and writes OpenLineage events into the lake's folder.
 */
public final class Session implements AutoCloseable {
    /** The namespace of jobs in OpenLineage events. */
    public static final String LINEAGE_NAMESPACE = "glossa";

    private static final String LISTENER = "io.openlineage.spark.agent.OpenLineageSparkListener";
    private static final String LISTENERS = "spark.extraListeners";
    private static final String TRANSPORT = "spark.openlineage.transport.type";

    private final SparkSession spark;

    private Session(SparkSession spark) {
        this.spark = spark;
    }

    /** Opens the session of a job on a lake. */
    public static Session open(String job, Lake lake) {
        SparkConf conf = new SparkConf();
        if (!isSubmitted()) {
            laptop().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
        }
        conf.set("spark.app.name", "glossa " + job);
        lake.sparkConf().forEach(conf::set);
        if (!conf.contains(TRANSPORT)) {
            lineageFile(lake)
                    .ifPresent(file ->
                            conf.set(TRANSPORT, "file").set("spark.openlineage.transport.location", file.toString()));
        }
        if (conf.contains(TRANSPORT)) {
            conf.setIfMissing("spark.openlineage.namespace", LINEAGE_NAMESPACE);
            conf.set(LISTENERS, conf.contains(LISTENERS) ? conf.get(LISTENERS) + "," + LISTENER : LISTENER);
        }
        return new Session(SparkSession.builder().config(conf).getOrCreate());
    }

    public SparkSession spark() {
        return spark;
    }

    /**
     * Where the lake's OpenLineage events go; empty for a lake that is not a local folder, whose cluster names a transport
     * in Spark's configuration.
     */
    public static Optional<Path> lineageFile(Lake lake) {
        return "file".equals(lake.location().getScheme())
                ? Optional.of(Path.of(lake.location()).resolve("lineage").resolve("openlineage.jsonl"))
                : Optional.empty();
    }

    /** True where spark-submit started this process, and with it chose the master. */
    static boolean isSubmitted() {
        return System.getProperty("spark.master") != null;
    }

    @Override
    public void close() {
        spark.stop();
    }

    private static Properties laptop() {
        Properties properties = new Properties();
        try (InputStream in = Session.class.getResourceAsStream("/presets/laptop.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot read presets/laptop.properties: " + e.getMessage())
                    .causedBy(e);
        }
        return properties;
    }
}
