package io.glossa.jobs;

import io.glossa.jobs.average.AverageCommand;
import io.glossa.jobs.bench.Bench;
import io.glossa.jobs.bench.WorkbenchCommand;
import io.glossa.jobs.bundle.BundleCommand;
import io.glossa.jobs.chaos.ChaosCommand;
import io.glossa.jobs.cli.Commands;
import io.glossa.jobs.cli.VersionProvider;
import io.glossa.jobs.consent.ConsentCommand;
import io.glossa.jobs.demo.DemoCommand;
import io.glossa.jobs.evaluate.EvaluateCommand;
import io.glossa.jobs.explain.ExplainCommand;
import io.glossa.jobs.featurize.FeaturizeCommand;
import io.glossa.jobs.ingest.IngestCommand;
import io.glossa.jobs.label.LabelCommand;
import io.glossa.jobs.lineage.Lineages;
import io.glossa.jobs.lineage.VerifyCommand;
import io.glossa.jobs.plan.Plan;
import io.glossa.jobs.selftest.SelfTestCommand;
import io.glossa.jobs.text.IngestTextCommand;
import io.glossa.jobs.text.TokenizerCommand;
import io.glossa.jobs.train.FinetuneCommand;
import io.glossa.jobs.train.MostCommand;
import io.glossa.jobs.train.PretrainCommand;
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
            Glossa.Submit.class,
            Bench.class,
            ExplainCommand.class,
            Plan.class,
            Lineages.class,
            VerifyCommand.class,
            SelfTestCommand.class,
            WorkbenchCommand.class,
            BundleCommand.class,
            ChaosCommand.class
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

    /** The Spark jobs, a subcommand each, in the order of the data's way. */
    @Command(
            name = "submit",
            description = {
                "Runs one job: in this process, or on your cluster where SPARK_HOME is set.",
                "Options after -- go to spark-submit. With --supervise a driver that is killed is started again."
            },
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            synopsisSubcommandLabel = "JOB",
            subcommands = {
                IngestCommand.class,
                IngestTextCommand.class,
                ConsentCommand.class,
                FeaturizeCommand.class,
                PretrainCommand.class,
                MostCommand.class,
                TokenizerCommand.class,
                FinetuneCommand.class,
                AverageCommand.class,
                LabelCommand.class,
                EvaluateCommand.class
            })
    static final class Submit implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            return Commands.askForCommand(spec);
        }
    }
}
