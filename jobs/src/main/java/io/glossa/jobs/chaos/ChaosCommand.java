package io.glossa.jobs.chaos;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Columns;
import io.glossa.jobs.cli.Json;
import io.glossa.jobs.heartbeat.Recovery;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chaos}. */
@Command(
        name = "chaos",
        description = {
            "Trains on a cluster and breaks the training's executors on this machine at random moments, to see how soon it is"
                    + " noticed, and how soon training goes on. No other process is touched.",
            "Ends with the exit code of the training, behind a table of the faults."
        },
        footer = {
            "",
            "Example: five minutes of faults on a cluster of this machine (deploy/standalone/cluster.sh start)",
            "  ./glossa chaos --for 5m -- submit pretrain --lake LAKE --ranks 2 --set parts=2 \\",
            "      -- --master spark://127.0.0.1:7077"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ChaosCommand implements Callable<Integer> {
    private static final String END = "--";

    @Option(
            names = "--faults",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "kill,freeze",
            description = "kill, freeze, and as root partition, of workers apart (default: ${DEFAULT-VALUE})")
    private List<String> faults;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "mean time from one fault to the next, such as 30s or 2m (default: ${DEFAULT-VALUE})")
    private String every;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "how long; then the training is left to end (default: ${DEFAULT-VALUE})")
    private String length;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides the moments, and what is done to whom (default: a new one, which is printed)")
    private Long seed;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Parameters(
            paramLabel = "-- COMMAND",
            arity = "1..*",
            description = "submit JOB [options] [-- spark-submit options]")
    private List<String> command;

    record Told(long seed, int exit, List<Strike.Outcome> faults) {}

    @Override
    public Integer call() throws IOException {
        Folder run = run();
        if (System.getenv("SPARK_HOME") == null) {
            throw GlossaException.user(
                    "Cannot break a training: SPARK_HOME is not set, expected a cluster on this machine, whose"
                            + " executors are processes of their own (deploy/standalone/cluster.sh start says how to submit to it)");
        }
        List<Fault> kinds = faults.stream().map(ChaosCommand::fault).toList();
        if (kinds.contains(Fault.PARTITION)) {
            Link.obstacle().ifPresent(why -> {
                throw GlossaException.user("Cannot cut executors off: " + why);
            });
        }
        long chosen = seed == null ? UUID.randomUUID().getLeastSignificantBits() >>> 32 : seed;
        System.err.println("seed " + chosen);
        int before = Recovery.read(run).size();
        Executors executors = new Executors(UUID.randomUUID().toString());
        Process process = new ProcessBuilder(launched(executors)).inheritIO().start();
        Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        List<Strike> strikes =
                new Chaos(kinds, time(every), chosen, executors, System.err::println).run(time(length), process);
        Runtime.getRuntime().removeShutdownHook(stop);

        List<Recovery> recoveries = Recovery.read(run);
        List<Strike.Outcome> outcomes =
                outcomes(strikes, recoveries.subList(Math.min(before, recoveries.size()), recoveries.size()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("fault", "at", "noticed after", "training again after", "steps done twice"));
        outcomes.forEach(outcome -> rows.add(outcome.row()));
        System.out.println(Columns.text(rows));
        if (json) {
            System.out.println(Json.line(new Told(chosen, process.exitValue(), outcomes)));
        }
        return process.exitValue();
    }

    static List<Strike.Outcome> outcomes(List<Strike> strikes, List<Recovery> recoveries) {
        return IntStream.range(0, strikes.size())
                .mapToObj(i -> strikes.get(i)
                        .outcome(
                                i + 1 < strikes.size()
                                        ? Optional.of(strikes.get(i + 1).at())
                                        : Optional.<Instant>empty(),
                                recoveries))
                .toList();
    }

    /** The training's folder, by its command. */
    private Folder run() {
        if (command.size() < 2 || !command.get(0).equals("submit")) {
            throw GlossaException.user("Cannot break '" + String.join(" ", command)
                    + "', expected a training (-- submit pretrain ..., finetune or most)");
        }
        return option("--out").map(Folder::new).orElseGet(() -> {
            String lake = option("--lake")
                    .orElseThrow(() -> GlossaException.user("Cannot break a training: found no --lake in '"
                            + String.join(" ", command) + "', expected its lake"));
            return new Folder(lake).resolve("models").resolve(option("--name").orElse(command.get(1)));
        });
    }

    private Optional<String> option(String name) {
        int at = command.indexOf(name);
        Stream<String> joined = command.stream()
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1));
        return at >= 0 && at + 1 < command.size() ? Optional.of(command.get(at + 1)) : joined.findFirst();
    }

    private List<String> launched(Executors executors) {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("glossa.home"), "glossa").toString());
        all.addAll(command);
        if (!command.contains(END)) {
            all.add(END);
        }
        all.addAll(executors.options());
        return all;
    }

    private static Fault fault(String name) {
        try {
            return Fault.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw GlossaException.user("Cannot do '" + name + "' to an executor, expected kill, freeze or partition");
        }
    }

    private static Duration time(String text) {
        try {
            Duration time = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (time.compareTo(Duration.ZERO) > 0) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw GlossaException.user("Cannot read '" + text + "' as a time, expected one such as 30s, 10m or 1h");
    }
}
