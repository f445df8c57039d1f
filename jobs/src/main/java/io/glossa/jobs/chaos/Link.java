package io.glossa.jobs.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The link to a worker that {@code deploy/standalone/cluster.sh start N --apart} has put into a network namespace of its own, which has
 * the link's name.
 */
record Link(String name) {
    private static final Path BRIDGE = Path.of("/sys/class/net/glossa");

    /** Why none can be cut on this machine by this person; empty if they can. */
    static Optional<String> obstacle() {
        if (!Shell.does("command -v ip")) {
            return Optional.of("found no ip on the PATH, expected iproute2's");
        }
        if (!Shell.says("id -u").equals("0")) {
            return Optional.of("found user " + System.getProperty("user.name") + ", expected root");
        }
        return Files.exists(BRIDGE)
                ? Optional.empty()
                : Optional.of(
                        "found no workers with networks of their own, expected some (deploy/standalone/cluster.sh start 2"
                                + " --apart)");
    }

    /** That of a process; empty where it shares the machine's network. */
    static Optional<Link> of(long pid) {
        String name = Shell.says("ip netns identify " + pid);
        return name.matches("glossa-\\d+") ? Optional.of(new Link(name)) : Optional.empty();
    }

    boolean cut() {
        return Shell.does("ip link set " + name + " down");
    }

    void mend() {
        Shell.does("ip link set " + name + " up");
    }
}
