package io.glossa.jobs.lineage;

import io.glossa.jobs.cli.Commands;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where data and models come from. */
@Command(
        name = "lineage",
        description = "Tells where data and models come from.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {Lineages.Ask.class, ForgetCommand.class})
public final class Lineages implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }

    /** A subcommand for each question. */
    @Command(
            name = "ask",
            description = "Answers a question from the lake's tables and the checkpoints' metadata.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "ABOUT",
            subcommands = {
                AskModelCommand.class,
                AskRecordingCommand.class,
                AskLicenceCommand.class,
                AskChangesCommand.class
            })
    static final class Ask implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            return Commands.askForCommand(spec);
        }
    }
}
