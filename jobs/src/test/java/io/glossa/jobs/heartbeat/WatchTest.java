package io.glossa.jobs.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.jobs.heartbeat.Beat.Checksum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofMinutes(15));

    private long now = 1_000_000_000_000L;
    private final List<String> said = new ArrayList<>();
    private final Watch watch = new Watch(DEADLINES, 2, () -> now, said::add);

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

        Watch slow = new Watch(DEADLINES, 2, () -> now, said::add);
        slow.hear(beat(0, 1, 60, 0));
        for (int second = 0; second < 1190; second++) {
            after(1);
            slow.hear(beat(0, 1, 60, 0));
        }
        assertThat(slow.loss()).isEmpty();
    }

    @Test
    void ofTwoModelsThatDifferBothRanksAreNamedAndAnotherTryIsWorthNothing() {
        watch.hear(beat(0, 20, 1, 0, new Checksum(0, 7), new Checksum(10, 8), new Checksum(20, 0xabcd)));
        assertThat(watch.hear(beat(1, 10, 1, 0, new Checksum(0, 7), new Checksum(10, 8)))
                        .end())
                .isEmpty();
        assertThat(watch.loss()).isEmpty();
        String cause =
                "the ranks' models differ: rank 0 on host0 (executor 0) has checksum 0000abcd after step 20, rank 1 on"
                        + " host1 (executor 1) has checksum fffffffe after step 20, expected the same on all; they were the same after"
                        + " step 10 (a fault of a machine that nothing else told: leave one of them out, and take away the checkpoints"
                        + " of later steps)";
        assertThat(watch.hear(beat(1, 20, 1, 0, new Checksum(20, -2))).end()).isEqualTo(cause);
        assertThat(watch.loss()).contains(new Loss("", cause, 0, false));
        assertThat(beat(0, 20, 1)).contains(cause);
    }

    @Test
    void ofThreeTheOneThatIsAloneIsNamed() {
        Watch three = new Watch(DEADLINES, 3, () -> now, said::add);
        for (int rank = 0; rank < 3; rank++) {
            three.hear(beat(rank, 500, 1, 0, new Checksum(0, 7), new Checksum(500, rank == 1 ? 9 : 8)));
        }
        assertThat(three.loss().orElseThrow().cause())
                .startsWith(
                        "the ranks' models differ: rank 1 on host1 (executor 1) has checksum 00000009 after step 500; the"
                                + " other 2 have checksum 00000008 after step 500, expected the same on all; they were the same after"
                                + " step 0 (");
    }

    @Test
    void aRankThatGoesOnFromAnotherCheckpointIsNamed() {
        watch.hear(beat(0, 200, 1, 0, new Checksum(200, 7)));
        watch.hear(beat(1, 100, 1, 0, new Checksum(100, 6)));
        assertThat(watch.loss().orElseThrow().cause())
                .contains("rank 1 on host1 (executor 1) has checksum 00000006 after step 100")
                .endsWith("they did from where training went on (one read another checkpoint, or read it wrongly)");
    }

    @Test
    void aBeatThatComesTwiceIsNoDifference() {
        watch.hear(beat(0, 10, 1, 0, new Checksum(0, 7), new Checksum(10, 8)));
        watch.hear(beat(1, 0, 1, 0, new Checksum(0, 7)));
        watch.hear(beat(1, 10, 1, 0, new Checksum(0, 7), new Checksum(10, 8)));
        assertThat(watch.loss()).isEmpty();
    }

    @Test
    void aSlowRankIsNamedOnceAndThePaceOfAllIsTold() {
        assertThat(watch.hear(beat(0, 20, 1, 0.5)).pace()).isEmpty();
        assertThat(watch.hear(beat(1, 20, 1, 0.74)).pace())
                .isEqualTo(Map.of("part-seconds", 0.62, "part-seconds.most", 0.74, "part-seconds.rank", 1.0));
        assertThat(said).isEmpty();
        watch.hear(beat(1, 40, 1, 0.76));
        watch.hear(beat(1, 60, 1, 0.9));
        watch.hear(beat(0, 60, 1, 0.5));
        assertThat(said)
                .containsExactly(
                        "rank 1 on host1 (executor 1) is slow, and all others wait for it: a part of a batch takes it"
                                + " 0.76 s, the others 0.50 s (median)");
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
        String end = watch.hear(beat(rank, step, stepSeconds, 0)).end();
        return end.isEmpty() ? Optional.empty() : Optional.of(end);
    }

    private static Beat beat(int rank, long step, double stepSeconds, double partSeconds, Checksum... checksums) {
        return new Beat(
                "a", rank, "host" + rank, Integer.toString(rank), step, stepSeconds, partSeconds, List.of(checksums));
    }

    private void after(double seconds) {
        now += (long) (seconds * 1e9);
    }
}
