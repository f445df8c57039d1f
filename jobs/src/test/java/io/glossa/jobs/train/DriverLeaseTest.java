package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverLeaseTest {
    private static final Duration RENEWED = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMillis(800);

    /** Its clock is an hour ahead, or two behind. */
    private static final Driver AHEAD = new Driver("host7", 123, "2036-01-01T00:00:00Z", "another", "word", 41);

    @TempDir
    Path path;

    private Folder run;
    private LeaseFile file;

    @BeforeEach
    void folder() {
        run = Folder.of(path);
        file = new LeaseFile(run);
    }

    @Test
    void aSecondDriverIsRefusedByNameAndTheFirstLeavesTheFolderWhenItIsDone() {
        DriverLease first = take();
        Driver own = file.read().orElseThrow();
        assertThat(own.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThatThrownBy(this::take)
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith("Cannot train in " + run + ": driver process " + own.pid() + " on " + own.host()
                        + " (since " + own.since() + ") trains there, expected no other (");
        first.close();
        assertThat(file.read()).isEmpty();
        take().close();
    }

    @Test
    void oneThatIsNotHeardOfIsTakenOverWhateverItsClockSays() {
        file.write(AHEAD);
        long started = System.nanoTime();
        DriverLease lease = take();
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(PATIENCE.toNanos());
        assertThat(file.read().orElseThrow().pid())
                .isEqualTo(ProcessHandle.current().pid());
        lease.close();
    }

    @Test
    void oneThatGoesOnIsNotTakenOverWhateverItsClockSays() throws Exception {
        file.write(AHEAD);
        Thread renewing = new Thread(() -> {
            Driver now = AHEAD;
            while (!Thread.currentThread().isInterrupted()) {
                now = now.renewed();
                file.write(now);
                Thread.yield();
            }
        });
        renewing.start();
        try {
            assertThatThrownBy(this::take)
                    .hasMessage("Cannot train in " + run + ": driver process 123 on host7 (since 2036-01-01T00:00:00Z)"
                            + " trains there, expected no other (let it end, or name another folder by --out)");
        } finally {
            renewing.interrupt();
            renewing.join();
        }
    }

    /** One that was killed is started again where it was: nobody waits. */
    @Test
    void oneThatIsKnownToHaveEndedIsNotWaitedFor() throws Exception {
        Driver here = Driver.here();
        Process ended = new ProcessBuilder("bash", "-c", "exit").start();
        ended.waitFor();
        file.write(new Driver(here.host(), ended.pid(), here.since(), here.machine(), "another", 3));
        DriverLease lease = DriverLease.take(run, RENEWED, Duration.ofHours(1));
        assertThat(file.read().orElseThrow().pid()).isEqualTo(here.pid());
        lease.close();
        file.write(new Driver(here.host(), here.pid(), here.since(), here.machine(), "of a container before", 3));
        DriverLease.take(run, RENEWED, Duration.ofHours(1)).close();
    }

    @Test
    void whoStoodStillForTooLongEndsAndLeavesTheFolderToTheOther() {
        try (DriverLease lease = take()) {
            assertThatThrownBy(() -> lease.guard(() -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            takeOver();
                        }
                        throw new IllegalStateException("interrupted");
                    }))
                    .hasMessage("Cannot go on training in " + run + ": driver process 123 on host7 (since"
                            + " 2036-01-01T00:00:00Z) has taken the folder, expected this driver to keep it (it stood still"
                            + " for too long, or both began at once)");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(file.read()).contains(AHEAD);
    }

    @Test
    void aDamagedFileIsNobodys() throws Exception {
        run.write(LeaseFile.NAME, new byte[] {'{', 7});
        assertThatCode(() -> take().close()).doesNotThrowAnyException();
    }

    private void takeOver() {
        try {
            file.write(AHEAD);
        } catch (GlossaException e) {
            // Both write at once: the next time.
        }
    }

    private DriverLease take() {
        return DriverLease.take(run, RENEWED, PATIENCE);
    }
}
