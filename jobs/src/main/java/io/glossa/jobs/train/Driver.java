package io.glossa.jobs.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A process that trains in a folder.
 *
 * @param since when it began, by its own clock; for people
 * @param machine tells machines and containers apart; empty where that is not known
 * @param word of its own
 * @param renewals how often it said that it is there
 */
record Driver(String host, long pid, String since, String machine, String word, long renewals) {
    private static final String PROCESS = UUID.randomUUID().toString();

    /** This process. */
    static Driver here() {
        String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Driver(
                hostName(), ProcessHandle.current().pid(), since, ownMachine(), PROCESS + " " + UUID.randomUUID(), 0);
    }

    Driver renewed() {
        return new Driver(host, pid, since, machine, word, renewals + 1);
    }

    /** Whether it is known to have ended, which it is on its own machine alone. */
    boolean hasEnded() {
        boolean numberIsOurs = pid == ProcessHandle.current().pid() && !word.startsWith(PROCESS);
        return !machine.isEmpty()
                && machine.equals(ownMachine())
                && (numberIsOurs
                        || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unknown host";
        }
    }

    /** Which start of which machine, and which numbering of processes on it. */
    private static String ownMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return "driver process " + pid + " on " + host + " (since " + since + ")";
    }
}
