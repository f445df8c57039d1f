package io.glossa.jobs.report;

import io.glossa.jobs.report.Report.Model;
import io.glossa.jobs.report.Report.Range;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Character error rates by language and model: a mark for the rate, a line for its interval. */
final class DotPlot {
    private static final String ALL = "all";
    private static final double ROW = 54;
    private static final double LANE = 13;
    private static final double TOP = 6;
    private static final double BOTTOM = 30;
    private static final double LABELS = 44;
    private static final double RIGHT = 24;

    private DotPlot() {}

    static String of(List<Model> models, String cssClass, double width) {
        List<String> rows = rows(models);
        double high = models.stream().mapToDouble(DotPlot::highest).max().orElse(1);
        Axis axis = Axis.over(0, Math.max(0.1, high), width < 500 ? 4 : 6);
        double bottom = TOP + ROW * rows.size();
        Svg svg = new Svg(cssClass, width, bottom + BOTTOM, "Character error rate by language and model");
        for (double tick : axis.ticks()) {
            double x = axis.at(tick, LABELS, width - RIGHT);
            svg.line("grid", x, TOP, x, bottom);
            svg.text("tick middle", x, bottom + 18, String.format(Locale.ROOT, "%.0f%%", tick * 100));
        }
        for (int r = 0; r < rows.size(); r++) {
            double middle = TOP + ROW * (r + 0.5);
            if (r > 0) {
                svg.line("rule", 0, middle - ROW / 2, width - RIGHT, middle - ROW / 2);
            }
            svg.text("label start", 0, middle + 5, rows.get(r));
            for (int m = 0; m < models.size(); m++) {
                double y = middle + (m - (models.size() - 1) / 2.0) * LANE;
                row(svg, axis, models.get(m), rows.get(r), m, y, width);
            }
        }
        return svg.toString();
    }

    private static void row(Svg svg, Axis axis, Model model, String row, int index, double y, double width) {
        Report.Rates rates = row.equals(ALL) ? null : model.byLanguage().get(row);
        if (rates == null && !row.equals(ALL)) {
            return;
        }
        double cer = rates == null ? model.cer() : rates.cer();
        Range range = rates == null ? model.cerInterval() : rates.cerInterval();
        double end = width - RIGHT;
        svg.line("whisker m" + index, axis.at(range.low(), LABELS, end), y, axis.at(range.high(), LABELS, end), y);
        svg.mark(index, axis.at(cer, LABELS, end), y);
    }

    /** All languages together first, if there is more than one. */
    private static List<String> rows(List<Model> models) {
        TreeSet<String> languages = new TreeSet<>();
        models.forEach(model -> languages.addAll(model.byLanguage().keySet()));
        return languages.size() < 2
                ? List.of(ALL)
                : Stream.concat(Stream.of(ALL), languages.stream()).toList();
    }

    private static double highest(Model model) {
        return Math.max(
                model.cerInterval().high(),
                model.byLanguage().entrySet().stream()
                        .map(Map.Entry::getValue)
                        .mapToDouble(rates -> rates.cerInterval().high())
                        .max()
                        .orElse(0));
    }
}
