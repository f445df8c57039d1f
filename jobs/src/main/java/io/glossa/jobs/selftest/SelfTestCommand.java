package io.glossa.jobs.selftest;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.cuda.CudaDevice;
import io.glossa.trainer.selftest.Depth;
import io.glossa.trainer.selftest.SelfTest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code selftest}. */
@Command(
        name = "selftest",
        description = {
            "Holds a device to the reference, which is plain Java in double precision: every primitive on awkward sizes, every"
                    + " kernel against its decomposition, whole training steps, and what is learnt in 50 of them; in fp32 and"
                    + " bf16. Device 'emit-only' needs no GPU: it writes the CUDA kernels of every preset, compiles them for"
                    + " sm_90 where a compiler is found, and runs small ones on the processor.",
            "On device 'cuda' it says first what it found, and measures the kernels of a large model's step last.",
            "Ends with one line, 'N passed, N failed', and code 0 if none failed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SelfTestCommand implements Callable<Integer> {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "cpu, cuda or emit-only (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--quick", description = "fewer steps and presets")
    private boolean quick;

    @Option(names = "--verbose", description = "print where CUDA's libraries are looked for")
    private boolean verbose;

    @Override
    public Integer call() {
        if (verbose) {
            CudaDevice.searched().forEach(folder -> System.out.println("looked in " + folder));
        }
        try (SelfTestTable table = new SelfTestTable(System.out)) {
            SelfTest.run(DeviceRequest.of(device), quick ? Depth.QUICK : Depth.FULL, table);
            return table.finish();
        }
    }
}
