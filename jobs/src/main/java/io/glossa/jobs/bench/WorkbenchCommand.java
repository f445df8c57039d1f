package io.glossa.jobs.bench;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.workbench.Extents;
import io.glossa.trainer.workbench.Workbench;
import io.glossa.trainer.workbench.WorkbenchKernel;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code workbench}. */
@Command(
        name = "workbench",
        description = {
            "Puts one kernel on the workbench: checks it alone against the reference, and times it at the extents of a"
                    + " training step against the least time that its bytes and operations take. Without a kernel, lists them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class WorkbenchCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KERNEL", description = "which one")
    private String kernel;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "cpu, cuda or emit-only, which only checks (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--size",
            paramLabel = "PRESET",
            defaultValue = "xs",
            description = "model preset whose extents it is timed at (default: ${DEFAULT-VALUE})")
    private String size;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bf16",
            description = "of matrix products: fp32 or bf16 (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "utterances (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "16",
            description = "length of an utterance (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Override
    public Integer call() {
        if (kernel == null) {
            System.out.println("Kernels for './glossa workbench KERNEL':");
            for (WorkbenchKernel each : WorkbenchKernel.values()) {
                System.out.printf(Locale.ROOT, "  %-20s %s%n", each.title(), each.words());
            }
            return 0;
        }
        WorkbenchKernel chosen = WorkbenchKernel.of(kernel);
        Precision precision = Precision.of(dtype);
        Extents extents = Extents.of(BenchTrainOptions.preset(size), batch, seconds);
        DeviceRequest request = DeviceRequest.of(device).with(Compile.Options.DEFAULTS.with(precision));
        try (Device opened = request.open()) {
            double difference = Workbench.difference(opened, chosen);
            boolean passed = difference <= Workbench.tolerance(precision);
            System.out.printf(
                    Locale.ROOT,
                    "%s %s on %s: differs from the reference by %.1e, of %.0e  %s%n",
                    chosen.title(),
                    dtype,
                    opened.hardware(),
                    difference,
                    Workbench.tolerance(precision),
                    passed ? "pass" : "FAIL");
            if (BenchTrainOptions.DEVICES.contains(device)) {
                System.out.print(WorkbenchText.of(Workbench.time(opened, chosen, extents, precision)));
            }
            return passed ? 0 : 1;
        }
    }
}
