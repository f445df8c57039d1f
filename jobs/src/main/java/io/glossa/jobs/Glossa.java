package io.glossa.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: what {@code ./glossa} and {@code spark-submit} start. */
@Command(
        name = "./glossa",
        description = "Glossa trains universal speech models on Apache Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            DemoCommand.class,
            Submit.class,
            Bench.class,
            ExplainCommand.class,
            SelfTestCommand.class,
            WorkbenchCommand.class,
            BundleCommand.class
        })
public final class Glossa implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Runs a command; the exit codes are those of {@link Commands}. */
    public static void main(String... args) {
        System.exit(Commands.run(new Glossa(), args));
    }

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }
}
