package io.glossa.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.glossa.error.GlossaException;
import io.glossa.trainer.train.TrainBench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Measurements in processes of their own, whose memory and first step are nobody else's; each prints a line of JSON. */
final class MeasuredProcess {
    private MeasuredProcess() {}

    /** Our step: the first of a process with an empty cache, and all else of one that finds every kernel there. */
    static TrainBench.Result coldAndWarm(List<String> options, int steps) {
        Path cache = temporary();
        try {
            double cold = ours(options, 1, cache).firstS();
            return ours(options, steps, cache).withFirst(cold);
        } finally {
            delete(cache);
        }
    }

    /** Another program's, which takes the same options. */
    static Comparison.Peer peer(String program, List<String> options) {
        List<String> command = new ArrayList<>(List.of(program.trim().split("\\s+")));
        command.addAll(options);
        return read(program, command, Comparison.Peer.class);
    }

    /** In a JVM that collects garbage on one thread: that takes less memory, and there is little garbage. */
    private static TrainBench.Result ours(List<String> options, int steps, Path cache) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Glossa.class.getName(), "bench", "train", "--cache", cache.toString()));
        command.addAll(List.of("--steps", String.valueOf(steps)));
        command.addAll(options);
        return read("bench train", command, TrainBench.Result.class);
    }

    private static <T> T read(String name, List<String> command, Class<T> type) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Thread stop = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(stop);
            String last = "";
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
            }
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(stop);
            if (code != 0) {
                throw GlossaException.resource("Cannot measure: '" + name + "' ended with code " + code
                        + ", expected 0 (what it said is above)");
            }
            return parsed(name, last, type);
        } catch (IOException e) {
            throw GlossaException.user("Cannot run '" + command.get(0) + "': " + e.getMessage()
                            + ", expected a program that measures a training step")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot measure: interrupted").causedBy(e);
        }
    }

    private static <T> T parsed(String name, String line, Class<T> type) {
        try {
            return Json.read(line, type);
        } catch (JsonProcessingException e) {
            throw GlossaException.user("Cannot read what '" + name + "' measured: its last line is '" + line
                            + "', expected JSON with rtfx, step_s, first_s and peak_mb")
                    .causedBy(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("glossa-bench-");
        } catch (IOException e) {
            throw GlossaException.resource("Cannot make a temporary folder: " + e.getMessage())
                    .causedBy(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot delete " + folder + ": " + e.getMessage())
                    .causedBy(e);
        }
    }
}
