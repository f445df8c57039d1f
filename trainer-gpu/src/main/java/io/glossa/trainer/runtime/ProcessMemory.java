package io.glossa.trainer.runtime;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds of the machine's memory: proc(5). */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PEAK = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** MB of 2^20 that it holds now. */
    public static double residentMb() {
        return mb("VmRSS");
    }

    /** The most of these that it held at once, since it began or its peak was forgotten. */
    public static double peakMb() {
        return mb("VmHWM");
    }

    /** From now on the peak counts from here. */
    public static void forgetPeak() {
        try {
            Files.writeString(PEAK, "5");
        } catch (IOException e) {
            throw unreadable(PEAK, e);
        }
    }

    private static double mb(String name) {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw unreadable(STATUS, e);
        }
    }

    private static GlossaException unreadable(Path file, IOException e) {
        return GlossaException.resource("Cannot measure memory by " + file + ": " + e.getMessage() + ", expected Linux")
                .causedBy(e);
    }
}
