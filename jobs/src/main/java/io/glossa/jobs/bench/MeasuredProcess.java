package io.glossa.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.ChildProcess;
import io.glossa.jobs.cli.Json;
import io.glossa.trainer.runtime.host.Leftovers;
import io.glossa.trainer.train.BenchResult;
import io.glossa.trainer.train.TrainBench;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measurements in processes of their own, whose memory and first step are nobody else's; each prints a line of JSON. */
final class MeasuredProcess {
    /** What a program ends with that was called wrongly. */
    private static final int USER = 2;

    private MeasuredProcess() {}

    /**
     * Our step: the first of a process with an empty cache, and all else of one that finds every kernel there. Several ranks are
     * processes that are bound to cores of their own, or share them where there are too few; the first step is the slowest one's.
     */
    static BenchResult coldAndWarm(TrainBench.Config config, int ranks) {
        Path cache = temporary();
        try {
            double cold = measured(config.withSteps(1), ranks, cache).firstS();
            return measured(config, ranks, cache).withFirst(cold);
        } finally {
            Leftovers.delete(cache);
        }
    }

    private static BenchResult measured(TrainBench.Config config, int ranks, Path cache) {
        return ranks == 1 ? ours(config, cache, List.of(), List.of()) : slowest(config, ranks, cache);
    }

    private static BenchResult slowest(TrainBench.Config config, int ranks, Path cache) {
        Path meeting = temporary();
        ExecutorService threads = Executors.newFixedThreadPool(ranks);
        try {
            List<Future<BenchResult>> running = new ArrayList<>();
            int places = Runtime.getRuntime().availableProcessors() / config.threads();
            for (int rank = 0; rank < ranks; rank++) {
                int first = rank % places * config.threads();
                String cores = first + "-" + (first + config.threads() - 1);
                List<String> words = List.of(String.valueOf(rank), String.valueOf(ranks), meeting.toString());
                running.add(threads.submit(() -> ours(config, cache, List.of("taskset", "-c", cores), words)));
            }
            BenchResult slowest = null;
            for (Future<BenchResult> each : running) {
                BenchResult result = Background.result(each, "measure");
                slowest = slowest == null || result.firstS() > slowest.firstS() ? result : slowest;
            }
            return slowest;
        } finally {
            threads.shutdownNow();
            Leftovers.delete(meeting);
        }
    }

    /**
     * Another program's, which takes the same options.
     *
     * @param options names and values in turn; those that the program is called with already are left out
     */
    static <T> T peer(String program, List<String> options, Class<T> type) {
        List<String> command = new ArrayList<>(List.of(program.trim().split("\\s+")));
        List<String> named = command.stream().map(word -> word.split("=", 2)[0]).toList();
        for (int i = 0; i < options.size(); i += 2) {
            if (!named.contains(options.get(i))) {
                command.addAll(options.subList(i, i + 2));
            }
        }
        return read(program, command, type);
    }

    /**
     * As below.
     *
     * @param before the JVM: a program that starts it
     * @param words of {@link MeasuredStep}, behind the usual ones
     */
    private static BenchResult ours(TrainBench.Config config, Path cache, List<String> before, List<String> words) {
        List<String> all = new ArrayList<>(List.of(MeasuredStep.words(config, cache)));
        all.addAll(words);
        return read("bench train", java(before, MeasuredStep.class, all), BenchResult.class);
    }

    /** What a class of ours measures alone. */
    static <T> T ours(String name, Class<?> main, List<String> words, Class<T> type) {
        return read(name, java(List.of(), main, words), type);
    }

    /** A JVM that collects garbage on one thread, in a heap that begins small: there is little garbage, and memory is measured. */
    private static List<String> java(List<String> before, Class<?> main, List<String> words) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmn8m", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(words);
        return command;
    }

    private static <T> T read(String name, List<String> command, Class<T> type) {
        try {
            String[] last = {""};
            int code = ChildProcess.run(command, line -> last[0] = line);
            if (code != 0) {
                String message = "Cannot measure: '" + name + "' ended with code " + code
                        + ", expected 0 (what it said is above)";
                throw code == USER ? GlossaException.user(message) : GlossaException.resource(message);
            }
            return parsed(name, last[0], type);
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
                            + "', expected the JSON that --help tells")
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
}
