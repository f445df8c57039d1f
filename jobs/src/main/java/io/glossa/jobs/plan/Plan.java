package io.glossa.jobs.plan;

import io.glossa.jobs.cli.Commands;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Plans for machines that need not be there, without Spark. */
@Command(
        name = "plan",
        description = "Says what a piece of work would take.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {PlanTrainCommand.class})
public final class Plan implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }
}
