package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.Point;
import io.glossa.jobs.train.MetricsLine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamCurvesTest {
    @Test
    void eachStreamHasALossAWeightAndAShareWhereAPhaseHasIt() {
        List<MetricsLine> lines = List.of(
                line(10, Map.of("paired.loss", 3.0, "paired.weight", 1.0, "paired.time-share", 1.0)),
                line(
                        20,
                        Map.of(
                                "paired.loss",
                                2.0,
                                "paired.weight",
                                1.0,
                                "paired.time-share",
                                0.6,
                                "text.loss",
                                5.0,
                                "text.weight",
                                0.3,
                                "text.time-share",
                                0.4)));

        assertThat(StreamCurves.of(lines))
                .containsExactly(
                        curve("Loss of each stream", "paired", new Point(10, 3), new Point(20, 2)),
                        curve("Loss of each stream", "text", new Point(20, 5)),
                        curve("Weight of each stream's loss", "paired", new Point(10, 1), new Point(20, 1)),
                        curve("Weight of each stream's loss", "text", new Point(20, 0.3)),
                        curve(
                                "Each stream's share of the time of the streams",
                                "paired",
                                new Point(10, 1),
                                new Point(20, 0.6)),
                        curve("Each stream's share of the time of the streams", "text", new Point(20, 0.4)));
        assertThat(StreamCurves.of(List.of(line(10, Map.of("masked-accuracy", 0.1)))))
                .isEmpty();
    }

    private static Curve curve(String chart, String stream, Point... points) {
        return new Curve(chart, stream, "steps", List.of(points));
    }

    private static MetricsLine line(long step, Map<String, Double> metrics) {
        return new MetricsLine(step, 20, 0, step, 1e-3, 4, metrics, 1, 0);
    }
}
