package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.train.BenchResult;
import io.glossa.trainer.train.TrainBench;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a process of four holds that have parts of the parameters, beside what is planned. */
@Tag("slow")
class SharedMemoryTest {
    private static final int RANKS = 4;

    /** MB: half of what whole parameters would take besides; the Java machine's own part is not known better at this size. */
    private static final double NEAR = 30;

    @Test
    void aRankHoldsWhatIsPlanned() {
        TrainBench.Config config = new TrainBench.Config(
                "cpu", "bestrq", "xs", "fp32", 2, 8, 1, 4, Long.MAX_VALUE, Sharding.PARAMETERS, Map.of());
        BenchResult result = MeasuredProcess.coldAndWarm(config, RANKS)
                .withPlanned(PlannedMemory.bytes(config, RANKS) / (double) (1 << 20));

        assertThat(result.plannedMb()).isCloseTo(result.grownMb(), within(NEAR));
    }
}
