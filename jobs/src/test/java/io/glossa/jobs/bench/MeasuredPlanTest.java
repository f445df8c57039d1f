package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.data.Buckets;
import org.junit.jupiter.api.Test;

class MeasuredPlanTest {
    @Test
    void moreUtterancesThanAnyLakeHasAreSoonPlanned() {
        MeasuredPlan plan = MeasuredPlan.of(1_500_000_000L, 11, 0.4, Buckets.of(Buckets.USUAL, 40), 64);

        assertThat(plan.utterances()).isBetween(1_490_000_000L, 1_510_000_000L);
        assertThat(plan.planSeconds()).isLessThan(60);
        assertThat(plan.planMb()).isLessThan(1024);
        assertThat(plan.positionMs()).isLessThan(1000);
    }

    @Test
    void sentencesFillTheUsualBuckets() {
        MeasuredPlan plan = MeasuredPlan.of(1_000_000, 11, 0.4, Buckets.of(Buckets.USUAL, 40), 1);

        assertThat(plan.padding()).isLessThan(0.08);
        assertThat(plan.emptyPlaces()).isLessThan(0.01);
    }
}
