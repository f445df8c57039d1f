package io.glossa.jobs.demo;

import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.Point;
import io.glossa.jobs.train.MetricsLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What each stream of a training did, as curves over its steps: none of a training that has no streams. */
final class StreamCurves {
    private static final String SHARE = ".time-share";

    /** By what a stream's metric is called, the chart that has it of all streams. */
    private static final Map<String, String> CHARTS = new LinkedHashMap<>();

    static {
        CHARTS.put(".loss", "Loss of each stream");
        CHARTS.put(".weight", "Weight of each stream's loss");
        CHARTS.put(SHARE, "Each stream's share of the time of the streams");
    }

    private StreamCurves() {}

    /** @param lines of the training, in its order; a stream has points where a phase has it */
    static List<Curve> of(List<MetricsLine> lines) {
        TreeSet<String> streams = new TreeSet<>();
        lines.forEach(line -> line.metrics().keySet().stream()
                .filter(name -> name.endsWith(SHARE))
                .forEach(name -> streams.add(name.substring(0, name.length() - SHARE.length()))));
        List<Curve> curves = new ArrayList<>();
        CHARTS.forEach((metric, chart) -> streams.forEach(stream -> curves.add(new Curve(
                chart,
                stream,
                "steps",
                lines.stream()
                        .filter(line -> line.metrics().containsKey(stream + metric))
                        .map(line -> new Point(line.step(), line.metrics().get(stream + metric)))
                        .toList()))));
        return curves;
    }
}
