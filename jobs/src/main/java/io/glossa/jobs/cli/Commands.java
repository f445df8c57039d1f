package io.glossa.jobs.cli;

import io.glossa.config.Nearest;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command line. Exit codes: 0 done, 1 an error in Glossa itself, 2 the command line or a setting, 3 the data, 4 the
 * machine.
 */
public final class Commands {
    /** Columns of a page of help. */
    private static final int WIDTH = 100;

    private Commands() {}

    /** Runs the command; every error becomes one line on standard error and an exit code. */
    public static int run(Callable<Integer> command, String... args) {
        return alike(new CommandLine(command))
                .registerConverter(Folder.class, location -> new Folder(location))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Commands::explain)
                .setExecutionExceptionHandler((error, line, parsed) -> report(error, line.getErr()))
                .execute(args);
    }

    /** Runs what is no command with the same errors and exit codes. */
    public static int guarded(Callable<Integer> task) {
        try {
            return task.call();
        } catch (Exception e) {
            return report(e, new PrintWriter(System.err, true));
        }
    }

    /** Gives all commands the same answer to {@code --version}, and a short first line of help. */
    private static CommandLine alike(CommandLine line) {
        line.getCommandSpec().versionProvider(new VersionProvider());
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true).width(WIDTH);
        line.getSubcommands().values().forEach(Commands::alike);
        return line;
    }

    /** What a command that only holds others does when it is called alone: says so, with its help. */
    public static int askForCommand(CommandSpec spec) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("Cannot run '" + spec.qualifiedName() + "' alone: expected one of "
                + String.join(", ", spec.subcommands().keySet()));
        spec.commandLine().usage(err);
        return exitCode(ErrorType.USER);
    }

    private static int explain(ParameterException error, String[] args) {
        CommandLine line = error.getCommandLine();
        CommandSpec spec = line.getCommandSpec();
        String message = unknownWord(error, args)
                .map(word -> unknown(spec, word))
                .orElseGet(() -> "Cannot run '" + spec.qualifiedName() + "': " + error.getMessage());
        line.getErr().println(message);
        line.getErr().println("See '" + spec.qualifiedName() + " --help'.");
        return exitCode(ErrorType.USER);
    }

    /** What the command line should not hold; a misspelt option may have left a required one missing. */
    private static Optional<String> unknownWord(ParameterException error, String[] args) {
        if (error instanceof UnmatchedArgumentException unmatched) {
            return Optional.of(unmatched.getUnmatched().get(0));
        }
        Set<String> known = error.getCommandLine().getCommandSpec().optionsMap().keySet();
        return Stream.of(args)
                .filter(word -> error instanceof MissingParameterException)
                .filter(word -> word.startsWith("--") && !known.contains(word.split("=", 2)[0]))
                .findFirst();
    }

    /** What to say of a word that is neither an option nor a command here. */
    private static String unknown(CommandSpec spec, String word) {
        boolean option = word.startsWith("-");
        List<String> known = option
                ? spec.options().stream()
                        .flatMap(each -> Stream.of(each.names()))
                        .filter(name -> name.startsWith("--"))
                        .sorted()
                        .toList()
                : List.copyOf(spec.subcommands().keySet());
        String name = option ? word.split("=", 2)[0] : word;
        String found = option ? "unknown option '" + name + "'" : "no such command '" + name + "'";
        if (known.isEmpty()) {
            return "Cannot run '" + spec.qualifiedName() + "': found '" + name + "', expected options only";
        }
        return "Cannot run '" + spec.qualifiedName() + "': " + found + ", expected " + String.join(", ", known)
                + Nearest.hint(name, known);
    }

    private static int report(Exception error, PrintWriter err) {
        Optional<GlossaException> known = Failure.of(error);
        known.ifPresentOrElse(ours -> err.println(ours.getMessage()), () -> err.println("Cannot go on: " + error));
        String log = System.getProperty("glossa.log");
        if (log != null) {
            LoggerFactory.getLogger(Commands.class).error("the command failed", error);
            err.println("More is in " + log);
        } else if (known.isEmpty()) {
            error.printStackTrace(err);
        }
        return exitCode(known.map(GlossaException::type).orElse(ErrorType.INTERNAL));
    }

    static int exitCode(ErrorType type) {
        return switch (type) {
            case INTERNAL -> 1;
            case USER -> 2;
            case DATA -> 3;
            case RESOURCE -> 4;
        };
    }
}
