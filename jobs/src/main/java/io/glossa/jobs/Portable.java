package io.glossa.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of a bundle: what needs neither Spark nor a compiler. */
@Command(
        name = "./glossa",
        description = "Glossa's trainer, to be tested and measured on any machine.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {SelfTestCommand.class, Portable.Bench.class, WorkbenchCommand.class})
public final class Portable implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Runs a command; the exit codes are those of {@link Commands}. */
    public static void main(String... args) {
        System.exit(Commands.run(new Portable(), args));
    }

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }

    /** Of the measurements, that of the trainer. */
    @Command(
            name = "bench",
            description = "Measures on this machine.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "WHAT",
            subcommands = BenchTrainCommand.class)
    static final class Bench implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            return Commands.askForCommand(spec);
        }
    }
}
