package io.glossa.jobs;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line in a process of its own. */
public final class GlossaProcess {
    private GlossaProcess() {}

    /**
     * Starts a command.
     *
     * @param said file that gets what it prints
     */
    public static Process start(Path said, List<String> arguments) throws IOException {
        return start(said, Map.of(), List.of(), arguments);
    }

    /**
     * Starts a command.
     *
     * @param environment variables that it has beside ours
     * @param flags that its JVM has beside ours
     */
    public static Process start(Path said, Map<String, String> environment, List<String> flags, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("--enable") || flag.startsWith("-X"))
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Glossa.class.getName()));
        command.addAll(arguments);
        ProcessBuilder process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        process.environment().putAll(environment);
        return process.start();
    }
}
