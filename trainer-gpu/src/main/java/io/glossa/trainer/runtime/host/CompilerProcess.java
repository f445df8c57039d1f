package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A compiler that is started as a process, and ended with all that it started.
 *
 * @param kind what it is, for errors
 * @param compiler program to start
 * @param limit how long it may take
 * @param hint how to get one
 */
public record CompilerProcess(String kind, String compiler, Duration limit, String hint) {
    /** From this status on, less this, it is the number of the signal that ended a process. */
    private static final int SIGNALS = 128;

    /** How a process ended, and what it said. */
    public record Ended(int status, String said) {
        @Override
        public String toString() {
            return (status > SIGNALS ? "was ended by signal " + (status - SIGNALS) : "ended with status " + status)
                    + " and said: " + said.lines().limit(5).toList();
        }
    }

    /** @param purpose what for, as in "Cannot compile kernels" */
    public Ended run(String purpose, List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("glossa", ".log");
            Process process = start(command, output);
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw GlossaException.resource("Cannot " + purpose + ": " + compiler + " was still running after "
                            + limit.toMillis() / 1000.0
                            + " s, expected it to end by then (is the machine overloaded, or " + compiler
                            + " not a compiler?)");
                }
            } finally {
                end(process);
            }
            return new Ended(process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot " + purpose + ": " + e.getMessage()
                            + ", expected to keep what the compiler says in " + System.getProperty("java.io.tmpdir"))
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot " + purpose + ": interrupted")
                    .causedBy(e);
        } finally {
            Leftovers.delete(output);
        }
    }

    private Process start(List<String> command, Path output) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot start the " + kind + " '" + compiler + "': " + e.getMessage()
                            + ", expected one on the PATH (" + hint + ")")
                    .causedBy(e);
        }
    }

    /** Ends what still runs of a process and of those that it started, and waits for it. */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }
}
