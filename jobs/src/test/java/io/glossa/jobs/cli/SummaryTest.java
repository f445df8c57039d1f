package io.glossa.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void tellsInOutRejectedTimeAndSpeed() {
        Summary summary = new Summary(
                "ingest",
                41.24,
                6_120,
                "2,657 files",
                "2,654 utterances",
                Map.of("too-short", 1L, "not-audio", 2L),
                Map.of("truncated", 4L),
                Map.of("lake", "work/lake"));

        assertThat(summary.lines())
                .containsExactly(
                        "ingest took 41.2 s",
                        "  in         2,657 files",
                        "  out        2,654 utterances",
                        "  rejected   3: not-audio 2, too-short 1",
                        "  warnings   4: truncated 4",
                        "  audio      1.70 h, 148 audio hours per hour",
                        "  lake       work/lake");
    }

    @Test
    void saysOnlyWhatThereIs() {
        Summary summary = new Summary("label", 754, 0, "0 utterances", "0 labels", Map.of(), Map.of(), Map.of());

        assertThat(summary.lines())
                .containsExactly(
                        "label took 12:34 min", "  in         0 utterances", "  out        0 labels", "  rejected   0");
        assertThat(summary.audioHoursPerHour()).isZero();
    }
}
