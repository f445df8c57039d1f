package io.glossa.jobs.train;

import io.glossa.trainer.runtime.Device;
import java.util.Map;
import java.util.TreeMap;

/** What a training ran on, as its checkpoints note it: what may make other bits of the same data, settings and code. */
public final class Environment {
    private static final String PREFIX = "glossa.environment.";

    /** Noted by themselves before there were others, or part of the work's identity. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "code", "glossa.code-version",
            "device", "glossa.device",
            "hardware", "glossa.hardware",
            "ranks", "glossa.ranks");

    private Environment() {}

    /** For a checkpoint's lineage. */
    static Map<String, String> noted(Device device) {
        return Map.of(
                PREFIX + "jdk", System.getProperty("java.vm.name") + " " + Runtime.version(),
                PREFIX + "os",
                        String.join(
                                " ",
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                PREFIX + "software", device.identity());
    }

    /** By what a checkpoint's lineage notes. */
    public static Map<String, String> in(Map<String, String> lineage) {
        Map<String, String> environment = new TreeMap<>();
        ELSEWHERE.forEach((name, key) -> {
            if (lineage.containsKey(key)) {
                environment.put(name, lineage.get(key));
            }
        });
        lineage.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                environment.put(key.substring(PREFIX.length()), value);
            }
        });
        return environment;
    }
}
