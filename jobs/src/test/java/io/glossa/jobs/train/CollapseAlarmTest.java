package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.train.StepReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CollapseAlarmTest {
    private final List<StepReport> passedOn = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CollapseAlarm alarm =
            new CollapseAlarm("most", passedOn::add, new PrintStream(said, true, StandardCharsets.UTF_8));

    @Test
    void saysOnceThatFramesAreNearlyTheSame() {
        alarm.onStep(report(7, 0.8, 30));
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        alarm.onStep(report(8, 0.8, 1.05));
        alarm.onStep(report(9, 0.001, 30));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "most: the text encoder has collapsed at step 8: its frames have deviation 0.8000 and rank 1.05")
                .hasLineCount(1);
        assertThat(passedOn).hasSize(3);
    }

    /** No stream of text, no alarm. */
    @Test
    void isSilentWithoutText() {
        alarm.onStep(new StepReport(1, 9, 0, 1e-3, Map.of("loss", 1.0), Map.of("loss", 1.0), 0, 0, 0));
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static StepReport report(long step, double deviation, double rank) {
        Map<String, Double> metrics = Map.of("text.text-deviation", deviation, "text.text-rank", rank);
        return new StepReport(step, 9, 0, 1e-3, metrics, metrics, 0, 0, 0);
    }
}
