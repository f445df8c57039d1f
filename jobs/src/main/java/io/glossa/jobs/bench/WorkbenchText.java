package io.glossa.jobs.bench;

import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.workbench.Workbench;
import java.util.Locale;

/** A kernel's times as text. */
final class WorkbenchText {
    private WorkbenchText() {}

    static String of(Workbench.Timing timing) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%10s %10s %10s  %s%n", "µs", "GB/s", "GFLOP/s", "kernel"));
        for (KernelTime kernel : timing.kernels()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%10.1f %10.1f %10.1f  %s%n",
                    kernel.seconds() * 1e6,
                    kernel.bytes() / kernel.seconds() * 1e-9,
                    kernel.flop() / kernel.seconds() * 1e-9,
                    kernel.kernel()));
        }
        text.append(String.format(
                Locale.ROOT,
                "%10.1f µs in all, casts of inputs left out: %.1f GB/s, %.1f GFLOP/s%n",
                timing.seconds() * 1e6,
                timing.bytes() / timing.seconds() * 1e-9,
                timing.flop() / timing.seconds() * 1e-9));
        text.append(String.format(
                Locale.ROOT,
                "%10.1f µs at least, for %.1f MB at %.0f GB/s and %.2f GFLOP at %.0f GFLOP/s (%s): %.0f %% of the time%n",
                timing.floor() * 1e6,
                timing.bytes() * 1e-6,
                timing.peak().bytesPerSecond() * 1e-9,
                timing.flop() * 1e-9,
                timing.peak().flopPerSecond() * 1e-9,
                timing.peak().source(),
                100 * timing.floor() / timing.seconds()));
        return text.toString();
    }
}
