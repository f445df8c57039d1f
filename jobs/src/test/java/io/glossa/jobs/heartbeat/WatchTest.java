package io.glossa.jobs.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofMinutes(15));

    private long now = 1_000_000_000_000L;
    private final Watch watch = new Watch(DEADLINES, () -> now);

    @Test
    void aRankThatFallsSilentIsTheFirstCauseAndTheOthersAreTold() {
        assertThat(beat(0, 7, 0.5)).isEmpty();
        assertThat(beat(1, 7, 0.5)).isEmpty();
        after(4);
        assertThat(beat(0, 8, 0.5)).isEmpty();
        after(4.5);
        assertThat(beat(0, 9, 0.5)).isEmpty();
        assertThat(watch.loss())
                .contains(new Loss("1", "rank 1 on host1 (executor 1) was not heard for 8.5 s, last at step 7", 8.5));
        after(20);
        assertThat(watch.loss().orElseThrow().cause()).startsWith("rank 1 on host1");
        assertThat(beat(0, 9, 0.5)).hasValueSatisfying(why -> assertThat(why).startsWith("rank 1 on host1"));
    }

    @Test
    void whoHasEndedIsNotMissed() {
        beat(0, 7, 0.5);
        beat(1, 7, 0.5);
        watch.ended(1);
        after(6);
        beat(0, 8, 0.5);
        after(6);
        assertThat(watch.loss()).isEmpty();
        watch.ended(0);
        after(1000);
        assertThat(watch.loss()).isEmpty();
        assertThat(watch.isQuiet()).isTrue();
    }

    @Test
    void aRankThatNeverBeginsIsMissedLater() {
        watch.sent(0, "host0", "0");
        watch.sent(1, "host1", "1");
        beat(0, -1, 0);
        goOn(0, -1, 0, 29);
        assertThat(watch.loss()).isEmpty();
        goOn(0, -1, 0, 2);
        assertThat(watch.loss())
                .contains(new Loss(
                        "1", "rank 1 on host1 (executor 1) was not heard for 31.0 s, before its first step", 31));
    }

    @Test
    void sparksReportOfATaskMayComeAfterItsEnd() {
        watch.ended(0);
        watch.sent(0, "host0", "0");
        after(100);
        assertThat(watch.loss()).isEmpty();
    }

    @Test
    void nobodyIsSilentWhileTheWatchStandsStill() {
        beat(0, 7, 0.5);
        after(60);
        watch.paused(60_000_000_000L);
        assertThat(watch.loss()).isEmpty();
        after(9);
        assertThat(watch.loss()).isPresent();
    }

    @Test
    void aRankThatEndedIsToldSoAndNotMissed() {
        beat(0, 7, 0.5);
        watch.ended(0);
        assertThat(beat(0, 7, 0.5)).contains("its rank has ended");
        after(60);
        assertThat(watch.loss()).isEmpty();
    }

    @Test
    void theTimeBeforeTheFirstRankIsNoStep() {
        after(3600);
        beat(0, -1, 0);
        assertThat(watch.loss()).isEmpty();
    }

    @Test
    void anExecutorThatSparkLostIsItsRanks() {
        beat(0, -1, 0);
        beat(1, -1, 0);
        after(2);
        watch.removed("9", "of another job");
        assertThat(watch.loss()).isEmpty();
        watch.removed("1", "worker lost");
        assertThat(watch.loss()).contains(new Loss("1", "rank 1 on host1 (executor 1) is gone (worker lost)", 2));
    }

    @Test
    void aFailureIsToldToTheOthersAndWhatFollowsFromItIsNot() {
        beat(0, 3, 0.5);
        beat(1, 3, 0.5);
        watch.failed(1, "Cannot read x");
        watch.failed(0, "Cannot add up");
        assertThat(watch.loss().map(Loss::cause)).contains("rank 1 failed: Cannot read x");
        assertThat(beat(0, 3, 0.5)).contains("rank 1 failed: Cannot read x");
    }

    @Test
    void withoutStepsAllAreStuckLaterWhereStepsAreLong() {
        beat(0, 1, 0.5);
        goOn(0, 1, 0.5, 899);
        assertThat(watch.loss()).isEmpty();
        goOn(0, 1, 0.5, 2);
        assertThat(watch.loss().map(Loss::cause)).contains("no rank has done a step for 901 s");

        Watch slow = new Watch(DEADLINES, () -> now);
        slow.hear(new Beat("a", 0, "host0", "0", 1, 60));
        for (int second = 0; second < 1190; second++) {
            after(1);
            slow.hear(new Beat("a", 0, "host0", "0", 1, 60));
        }
        assertThat(slow.loss()).isEmpty();
    }

    @Test
    void deadlinesAreALadder() {
        assertThatThrownBy(() -> new Deadlines(
                        Duration.ofSeconds(3), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofMinutes(15)))
                .hasMessageContaining("expected the second at least four times the first");
    }

    private void goOn(int rank, long step, double stepSeconds, int seconds) {
        for (int second = 0; second < seconds; second++) {
            after(1);
            beat(rank, step, stepSeconds);
        }
    }

    private Optional<String> beat(int rank, long step, double stepSeconds) {
        return watch.hear(new Beat("a", rank, "host" + rank, Integer.toString(rank), step, stepSeconds));
    }

    private void after(double seconds) {
        now += (long) (seconds * 1e9);
    }
}
