package io.glossa.jobs.explain;

import io.glossa.error.GlossaException;
import io.glossa.jobs.bench.BenchTrainOptions;
import io.glossa.jobs.report.MemoryChart;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.Explanation;
import io.glossa.trainer.train.TrainBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code explain}. */
@Command(
        name = "explain",
        description = {
            "Shows what the compiler makes of the training step that 'bench train' measures, without building or running"
                    + " it: which operations share a kernel, what the backward part computes again, and what lies in"
                    + " memory when. Kernels have the names of 'bench train --profile'."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private BenchTrainOptions step;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "1",
            description = "that train together; what is shown is the first one's (default: ${DEFAULT-VALUE})")
    private int ranks;

    @Option(
            names = "--sharding",
            paramLabel = "WHAT",
            defaultValue = "none",
            description =
                    "what each rank has a part of alone: none, optimizer or parameters (default: ${DEFAULT-VALUE})")
    private Sharding sharding;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            defaultValue = "work/explain.svg",
            description = "where to draw the memory over the step (default: ${DEFAULT-VALUE})")
    private Path svg;

    @Option(names = "--all", description = "print long tables whole")
    private boolean all;

    @Override
    public Integer call() {
        if (ranks < 1) {
            throw GlossaException.user("Cannot explain the step of one of " + ranks + " ranks, expected at least 1");
        }
        Explanation explanation =
                Explanation.of(TrainBench.lowered(step.config(1).withSharding(sharding), new Rank(0, ranks)));
        System.out.print(new ExplanationText(explanation).tables(all));
        write(MemoryChart.of(explanation.memory(), explanation.peakKernel()));
        System.out.println("\nThe memory over the step: " + svg.toAbsolutePath());
        return 0;
    }

    private void write(String picture) {
        try {
            Files.createDirectories(svg.toAbsolutePath().getParent());
            Files.writeString(svg, picture);
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write the picture " + svg + ": " + e.getMessage() + ", expected a writable folder")
                    .causedBy(e);
        }
    }
}
