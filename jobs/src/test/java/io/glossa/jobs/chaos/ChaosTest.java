package io.glossa.jobs.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.glossa.jobs.heartbeat.Recovery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChaosTest {
    private static final String BACKEND = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

    private final List<Process> started = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void breaksTheRunsExecutorsAndNothingElse() throws Exception {
        Process own = executor("ours", BACKEND);
        Process strange = executor("theirs", BACKEND);
        Process other = executor("ours", "driver");
        Executors executors = new Executors("ours");
        await(() -> executors.alive().equals(List.of(own.pid())));

        List<Strike> strikes = new Chaos(List.of(Fault.KILL), Duration.ofMillis(20), 7, executors, System.out::println)
                .run(Duration.ofMinutes(1), own);

        assertThat(strikes).singleElement().extracting(Strike::pid).isEqualTo(own.pid());
        assertThat(own.waitFor()).isEqualTo(128 + 9);
        assertThat(strange.isAlive()).isTrue();
        assertThat(other.isAlive()).isTrue();
        assertThat(executors.alive()).isEmpty();
    }

    @Test
    void aFrozenProcessStandsStillUntilItIsLetGo() throws Exception {
        Process own = executor("ours", BACKEND);
        Runnable remedy = Fault.FREEZE.strike(own.pid()).orElseThrow();
        own.destroy();
        assertThat(own.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
        remedy.run();
        assertThat(own.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Fault.KILL.strike(own.pid())).isEmpty();
    }

    /** Its network is the machine's, which must stay. */
    @Test
    void whoIsNotApartIsNotCutOff() throws Exception {
        Process own = executor("ours", BACKEND);
        assertThat(Fault.PARTITION.strike(own.pid())).isEmpty();
    }

    @Test
    void aLinkIsCutAndMended() throws Exception {
        assumeTrue(
                Shell.says("id -u").equals("0") && Shell.does("ip netns list"),
                "cutting a link needs root and iproute2 (apt-get install iproute2)");
        String name = "glossa-" + (1_000_000 + ProcessHandle.current().pid() % 1000);
        String inside = "ip netns exec " + name + " ";
        assumeTrue(Shell.does("ip netns add " + name), "this machine allows no network namespaces");
        try {
            assertThat(Shell.does("ip link add " + name + " type veth peer name eth0 netns " + name))
                    .isTrue();
            assertThat(Shell.does("ip link set " + name + " up && " + inside + "ip link set eth0 up"))
                    .isTrue();
            Process apart = new ProcessBuilder("ip", "netns", "exec", name, "sleep", "60").start();
            started.add(apart);
            await(() -> Link.of(apart.pid()).equals(Optional.of(new Link(name))));
            await(() -> Shell.says(inside + "cat /sys/class/net/eth0/carrier").equals("1"));

            Runnable remedy = Fault.PARTITION.strike(apart.pid()).orElseThrow();
            await(() -> Shell.says(inside + "cat /sys/class/net/eth0/carrier").equals("0"));
            remedy.run();
            await(() -> Shell.says(inside + "cat /sys/class/net/eth0/carrier").equals("1"));
        } finally {
            stop();
            Shell.does("ip netns delete " + name);
        }
    }

    @Test
    void aFaultsOutcomeIsTheRecoveryBeforeTheNextFault() {
        List<Strike> strikes = List.of(strike("10:00:00"), strike("10:00:30"), strike("10:01:00"));
        List<Recovery> recoveries = List.of(recovery("10:00:08", 5, 12), recovery("10:01:02", 7, 3));

        assertThat(ChaosCommand.outcomes(strikes, recoveries))
                .containsExactly(
                        new Strike.Outcome("freeze", "2026-01-01T10:00:00Z", 8, 5, 12),
                        new Strike.Outcome("freeze", "2026-01-01T10:00:30Z", -1, -1, -1),
                        new Strike.Outcome("freeze", "2026-01-01T10:01:00Z", 2, 7, 3));
    }

    private static Strike strike(String time) {
        return new Strike(Fault.FREEZE, 1, Instant.parse("2026-01-01T" + time + "Z"));
    }

    private static Recovery recovery(String time, double again, long repeated) {
        return new Recovery("2026-01-01T" + time + "Z", "rank 1", 8, again, repeated, 100, 2);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        for (int i = 0; i < 1000 && !condition.holds(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.holds()).isTrue();
    }

    /** A process with a word in its environment and a name among its arguments. */
    private Process executor(String word, String name) throws IOException {
        ProcessBuilder process = new ProcessBuilder("bash", "-c", "while :; do sleep 1; done", name);
        process.environment().put("GLOSSA_CHAOS", word);
        started.add(process.start());
        return started.get(started.size() - 1);
    }
}
