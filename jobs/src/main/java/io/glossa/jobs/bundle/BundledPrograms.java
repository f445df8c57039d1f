package io.glossa.jobs.bundle;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Commands;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Roofline;
import io.glossa.trainer.runtime.host.Prebuilt;
import io.glossa.trainer.selftest.Depth;
import io.glossa.trainer.selftest.Row;
import io.glossa.trainer.selftest.SelfTest;
import io.glossa.trainer.train.StepProfile;
import io.glossa.trainer.train.TrainBench;
import io.glossa.trainer.workbench.Extents;
import io.glossa.trainer.workbench.Workbench;
import io.glossa.trainer.workbench.WorkbenchKernel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Builds what a bundle's commands run on device {@code cpu}, in a JVM of its own that uses only what the bundle has. Its one
 * argument is the folder of programs; what it builds prints a line each.
 */
public final class BundledPrograms implements Callable<Integer>, SelfTest.Listener {
    private static final List<String> SIZES = List.of("xs", "s", "m");
    private static final int BATCH = 4;

    /** One chunk, and several: kernels are the same for any number of those. */
    private static final List<Integer> SECONDS = List.of(8, 16);

    private final DeviceRequest cpu;
    private int passed;

    private BundledPrograms(Path folder) {
        cpu = DeviceRequest.of("cpu").withCache(folder);
    }

    public static void main(String... words) {
        System.exit(Commands.guarded(new BundledPrograms(Path.of(words[0]))));
    }

    @Override
    public Integer call() {
        SelfTest.run(cpu, Depth.QUICK, this);
        System.out.println("the self-test: " + passed + " passed");
        for (String size : SIZES) {
            SECONDS.forEach(seconds -> build(size, seconds));
            System.out.println("the workbench and training steps at " + size);
        }
        Prebuilt.seal(cpu.cache());
        return 0;
    }

    private void build(String size, int seconds) {
        try (Device device = cpu.open()) {
            Roofline.of(device);
            for (WorkbenchKernel kernel : WorkbenchKernel.values()) {
                Workbench.build(device, kernel, Extents.of(size, BATCH, seconds));
            }
        }
        TrainBench.build(
                new TrainBench.Config(
                        "cpu",
                        BestRq.KIND,
                        size,
                        "fp32",
                        BATCH,
                        seconds,
                        cpu.threads(),
                        1,
                        Long.MAX_VALUE,
                        Sharding.NONE,
                        Map.of()),
                cpu.cache());
    }

    @Override
    public void begins(String checks) {
        // A line at the end tells of all.
    }

    @Override
    public void found(Row row) {
        if (!row.passed()) {
            throw GlossaException.internal("Cannot put programs into a bundle: '" + row.name() + "' failed with "
                    + row.figures() + ", expected them to pass the self-test");
        }
        passed += row.checks();
    }

    @Override
    public void note(String note) {
        System.out.println(note);
    }

    @Override
    public void measured(StepProfile profile) {
        // Nothing is measured where programs are only built.
    }
}
