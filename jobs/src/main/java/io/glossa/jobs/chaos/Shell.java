package io.glossa.jobs.chaos;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The system's own commands. */
final class Shell {
    private Shell() {}

    /** Runs one; whether it did what it should. */
    static boolean does(String command) {
        return run(command + " >/dev/null").exit() == 0;
    }

    /** What one prints, if it does what it should; else nothing. */
    static String says(String command) {
        Said said = run(command);
        return said.exit() == 0 ? said.text().strip() : "";
    }

    private record Said(int exit, String text) {}

    private static Said run(String command) {
        try {
            Process process = new ProcessBuilder(List.of("bash", "-c", command + " 2>/dev/null")).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot run '" + command + "': " + e.getMessage() + ", expected bash")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot run '" + command + "': interrupted")
                    .causedBy(e);
        }
    }
}
