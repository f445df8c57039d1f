package io.glossa.jobs.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The executors of one run on this machine.
 *
 * @param word in their environment, and in that of nothing else
 */
record Executors(String word) {
    private static final String VARIABLE = "GLOSSA_CHAOS";
    private static final String MAIN = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

    /** What has Spark give it to them. */
    List<String> options() {
        return List.of("--conf", "spark.executorEnv." + VARIABLE + "=" + word);
    }

    /** Processes, in the order of their numbers. */
    List<Long> alive() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isOne(Path.of("/proc", Long.toString(pid))))
                .sorted()
                .toList();
    }

    private boolean isOne(Path process) {
        return entries(process.resolve("cmdline")).contains(MAIN)
                && entries(process.resolve("environ")).contains(VARIABLE + "=" + word);
    }

    private static List<String> entries(Path file) {
        try {
            return Arrays.asList(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of(); // ended meanwhile, or another user's
        }
    }
}
