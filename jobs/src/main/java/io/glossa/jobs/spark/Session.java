package io.glossa.jobs.spark;

import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.HeartbeatPlugin;
import io.glossa.nst.GpuStage;
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

    private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
    private static final String TASK_GPUS = "spark.task.resource.gpu.amount";
    private static final String LISTENER = "io.openlineage.spark.agent.OpenLineageSparkListener";
    private static final String LISTENERS = "spark.extraListeners";
    private static final String PLUGINS = "spark.plugins";
    private static final String TRANSPORT = "spark.openlineage.transport.type";

    private final SparkSession spark;

    private Session(SparkSession spark) {
        this.spark = spark;
    }

    /** Opens the session of a job on a lake. */
    public static Session open(String job, Lake lake) {
        return open(job, lake, "cpu");
    }

    /**
     * Opens the session of a job whose tasks compute on a device. On a cluster a task that is to use {@code cuda} asks for one
     * of its executor's GPUs, unless Spark's settings say how many.
     *
     * @throws GlossaException of type USER if executors are to have none
     */
    public static Session open(String job, Lake lake, String device) {
        SparkConf conf = new SparkConf();
        if (device.equals("cuda") && isCluster()) {
            if (!conf.contains(EXECUTOR_GPUS)) {
                throw GpuStage.missing("Spark's settings have no " + EXECUTOR_GPUS);
            }
            conf.setIfMissing(TASK_GPUS, "1");
        }
        if (!isSubmitted()) {
            laptop().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
        }
        conf.set("spark.app.name", "glossa " + job);
        conf.setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8"); // names of files are UTF-8 on every machine
        lake.sparkConf().forEach(conf::set);
        if (!conf.contains(TRANSPORT)) {
            lineageFile(lake)
                    .ifPresent(file ->
                            conf.set(TRANSPORT, "file").set("spark.openlineage.transport.location", file.toString()));
        }
        if (conf.contains(TRANSPORT)) {
            conf.setIfMissing("spark.openlineage.namespace", LINEAGE_NAMESPACE);
            add(conf, LISTENERS, LISTENER);
        }
        conf.setIfMissing(
                "spark.task.reaper.enabled", "true"); // a task that does not end when killed ends with its executor
        conf.setIfMissing("spark.task.reaper.killTimeout", "60s");
        add(conf, PLUGINS, HadoopPlugin.class.getName());
        add(conf, PLUGINS, HeartbeatPlugin.class.getName());
        return new Session(SparkSession.builder().config(conf).getOrCreate());
    }

    private static void add(SparkConf conf, String list, String name) {
        conf.set(list, conf.contains(list) ? conf.get(list) + "," + name : name);
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

    /** True where tasks run in other processes than this one. */
    private static boolean isCluster() {
        String master = System.getProperty("spark.master", "local");
        return !master.startsWith("local") || master.startsWith("local-cluster");
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
