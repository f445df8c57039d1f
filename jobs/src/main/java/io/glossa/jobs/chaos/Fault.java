package io.glossa.jobs.chaos;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.util.List;

/** What is done to a process. */
enum Fault {
    /** It ends at once, as on a machine that lost its power. */
    KILL("KILL"),
    /** It stands still with all its connections open, as on a machine that hangs. */
    FREEZE("STOP");

    private final String signal;

    Fault(String signal) {
        this.signal = signal;
    }

    /** Does it; whether the process was there. */
    boolean strike(long pid) {
        return signal(pid, signal);
    }

    /** Lets a frozen process go on, so that it can end. */
    static void thaw(long pid) {
        signal(pid, "CONT");
    }

    private static boolean signal(long pid, String signal) {
        try {
            return new ProcessBuilder(List.of("bash", "-c", "kill -" + signal + " " + pid + " 2>/dev/null"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot signal process " + pid + ": " + e.getMessage() + ", expected bash")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot signal process " + pid + ": interrupted")
                    .causedBy(e);
        }
    }
}
