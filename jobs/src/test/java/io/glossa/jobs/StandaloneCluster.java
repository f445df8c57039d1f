package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/** The cluster that {@code deploy/standalone} starts, of two workers with a core each, and jobs that spark-submit brings there. */
public final class StandaloneCluster {
    /** Jobs start much and repeat little. */
    private static final String JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Path SCRIPT =
            Path.of("..", "deploy", "standalone", "cluster.sh").toAbsolutePath();

    private final Path folder;
    private final int port = freePort();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> jars = new ArrayList<>();

    /**
     * Starts it.
     *
     * @param folder gets what it writes
     * @param more jars that jobs bring along besides
     */
    public StandaloneCluster(Path folder, List<String> more) throws Exception {
        this.folder = Files.createDirectories(folder);
        String home = folder.resolve("spark").toString();
        environment.putAll(Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "SPARK_HOME",
                home,
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_MASTER_PORT",
                Integer.toString(port),
                "SPARK_MASTER_WEBUI_PORT",
                Integer.toString(freePort()),
                "SPARK_MASTER_OPTS",
                "-Dspark.worker.timeout=600", // a busy machine's workers are late, not lost
                "SPARK_WORKER_CORES",
                "1",
                "SPARK_WORKER_MEMORY",
                "1g"));
        for (String name : List.of("SPARK_LOG_DIR", "SPARK_PID_DIR", "SPARK_WORKER_DIR")) {
            environment.put(name, folder.resolve(name).toString());
        }
        script("home", home);
        jars.add(jar(Path.of("target", "classes")));
        for (String path :
                Files.readString(Path.of("target", "submit.classpath")).strip().split(":")) {
            jars.add(Files.isDirectory(Path.of(path)) ? jar(Path.of(path)) : path);
        }
        jars.addAll(more);
        try {
            script("start");
        } catch (Exception | AssertionError e) {
            stop();
            throw e;
        }
    }

    /**
     * Starts a job.
     *
     * @param said file that gets what it prints
     * @param more variables of its environment
     * @param conf settings of Spark
     */
    public Process submit(Path said, Map<String, String> more, Map<String, String> conf, List<String> job)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                environment.get("SPARK_HOME") + "/bin/spark-submit",
                "--master",
                "spark://127.0.0.1:" + port,
                "--class",
                Glossa.class.getName(),
                "--jars",
                String.join(",", jars.subList(1, jars.size())),
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.driver.extraJavaOptions=" + JVM,
                "--conf",
                "spark.executor.extraJavaOptions=" + JVM,
                "--conf",
                "spark.sql.shuffle.partitions=2"));
        conf.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        command.addAll(List.of(jars.get(0), "submit"));
        command.addAll(job);
        return start(said, more, command);
    }

    private void script(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        Process process = start(said, Map.of(), command);
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }

    private Process start(Path said, Map<String, String> more, List<String> command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        process.environment().putAll(environment);
        process.environment().putAll(more);
        return process.start();
    }

    private String jar(Path classes) {
        Path jar = folder.resolve(jars.size() + ".jar");
        int exit = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-cf0",
                        jar.toString(),
                        "-C",
                        classes.toAbsolutePath().toString(),
                        ".");
        assertThat(exit).isZero();
        return jar.toString();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it. */
    public void stop() throws IOException, InterruptedException {
        script("stop");
    }
}
