package io.glossa.jobs.bundle;

import io.glossa.jobs.bench.BenchTrainCommand;
import io.glossa.jobs.bench.WorkbenchCommand;
import io.glossa.jobs.cli.Commands;
import io.glossa.jobs.selftest.SelfTestCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of a bundle: what needs neither Spark nor FFmpeg, since a bundle has none of their classes. */
@Command(
        name = "./glossa",
        description = {
            "Glossa's training steps on a machine with an NVIDIA driver and CUDA's libraries, with nothing to install.",
            "Device 'cpu' runs programs that were built before: the self-test, the workbench, and training steps of xs, s and m"
                    + " in batches of 4 utterances of 8 or 16 s. 'reference' is plain Java, slow, and runs anything."
        },
        mixinStandardHelpOptions = true,
        subcommands = {SelfTestCommand.class, WorkbenchCommand.class, BundledGlossa.Bench.class})
final class BundledGlossa implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private BundledGlossa() {}

    public static void main(String... args) {
        System.exit(Commands.run(new BundledGlossa(), args));
    }

    @Override
    public Integer call() {
        return Commands.askForCommand(spec);
    }

    /** Measurements that a bundle can make. */
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
