package io.glossa.jobs.train;

import io.glossa.jobs.GlossaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pre-training in a process of its own, of two ranks on two executors that are its children. */
final class TwoExecutors {
    private TwoExecutors() {}

    /**
     * Starts it.
     *
     * @param folder where it writes what it says, into the file {@code said}
     * @param flags that its JVM has beside ours
     * @param options of the command besides
     */
    static Process pretrain(
            Path folder, Path data, Map<String, String> settings, List<String> flags, List<String> options)
            throws IOException {
        Path home = Files.createDirectories(folder.resolve("spark"));
        Files.createDirectories(home.resolve("jars"));
        Map<String, String> environment =
                Map.of("SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", "127.0.0.1");
        List<String> all = new ArrayList<>(List.of(
                "-Dspark.master=local-cluster[2,1,1024]",
                "-Dspark.ui.enabled=false",
                "-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path")));
        all.addAll(flags);
        List<String> arguments = new ArrayList<>(List.of(
                "submit",
                "pretrain",
                "--lake",
                data.toString(),
                "--ranks",
                "2",
                "--threads",
                "1",
                "--splits",
                "train"));
        arguments.addAll(options);
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return GlossaProcess.start(folder.resolve("said"), environment, all, arguments);
    }
}
