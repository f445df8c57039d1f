package io.glossa.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The Spark jobs, a subcommand each, in the order of the data's way. */
@Command(
        name = "submit",
        description = {
            "Runs one job: in this process, or on your cluster where SPARK_HOME is set.",
            "Options after -- go to spark-submit."
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "JOB",
        subcommands = {
            IngestCommand.class,
            FeaturizeCommand.class,
            PretrainCommand.class,
            FinetuneCommand.class,
            LabelCommand.class,
            EvaluateCommand.class
        })
final class Submit implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }
}
