package io.glossa.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    @Test
    void paintsOneLineOverAndOverOnATerminal() {
        try (Progress progress = new Progress(out, true, () -> now, "ingest")) {
            now = 10 * SECOND;
            progress.update(50, 200, "files", "");
            now += 10_000_000;
            progress.update(51, 200, "files", "too soon to be painted");
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("\ringest       [######..................]  25 %  50 of 200 files, 0:30 left")
                .doesNotContain("too soon")
                .doesNotContain("\n")
                .endsWith("\r");
    }

    @Test
    void writesALineEveryTenSecondsElsewhere() {
        try (Progress progress = new Progress(out, false, () -> now, "pretrain")) {
            for (int step = 1; step <= 60; step++) {
                now += SECOND / 2;
                progress.update(step, 60, "steps", "loss 6.1");
            }
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .first()
                .asString()
                .isEqualTo("pretrain      33 %  20 of 60 steps, 0:20 left  loss 6.1");
    }

    @Test
    void countsWhereNobodyKnowsHowManyThereAre() {
        try (Progress progress = new Progress(out, false, () -> now, "featurize")) {
            now = 10 * SECOND;
            progress.update(1234, 0, "utterances", "");
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).strip()).isEqualTo("featurize    1,234 utterances");
    }

    @Test
    void saysHoursWhereThereAreHours() {
        assertThat(Progress.clock(65 * SECOND)).isEqualTo("1:05");
        assertThat(Progress.clock(3_665 * SECOND)).isEqualTo("1:01:05");
    }
}
