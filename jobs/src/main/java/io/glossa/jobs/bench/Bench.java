package io.glossa.jobs.bench;

import io.glossa.jobs.cli.Commands;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measurements on this machine, without Spark. */
@Command(
        name = "bench",
        description = "Measures on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            BenchTrainCommand.class,
            BenchCheckpointsCommand.class,
            BenchFeaturesCommand.class,
            BenchPlanCommand.class,
            BenchRnntCommand.class
        })
public final class Bench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }
}
