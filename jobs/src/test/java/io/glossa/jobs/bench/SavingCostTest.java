package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.train.SavingBench;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavingCostTest {
    @Test
    void aRunIsJudgedByItsThreeSlowestSteps() {
        SavingCost cost = SavingCost.of(
                new SavingBench.Round(List.of(1.0, 4.0, 1.0, 2.0, 1.0), List.of(9.0, 1.0, 1.0, 3.0, 1.5, 1.0)));
        assertThat(cost).isEqualTo(new SavingCost(1, 2, 1.25, 3, 1.5));
        assertThat(SavingCost.ofAll(List.of(cost, new SavingCost(2, 4, 2, 4, 1), new SavingCost(3, 3, 1, 9, 3))))
                .isEqualTo(new SavingCost(2, 3, 1.25, 4, 1.5));
        assertThat(cost.words())
                .isEqualTo("a step 1.000 s, the worst 2.000 s; with checkpoints 1.250 s, the worst 3.000 s: 1.50 times"
                        + " as long");
    }
}
