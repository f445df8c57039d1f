package io.glossa.jobs.report;

import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.Point;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Curves of one quantity over training, one for each model. */
final class LineChart {
    private static final double TOP = 10;
    private static final double BOTTOM = 44;
    private static final double LEFT = 44;
    private static final double RIGHT = 14;

    private LineChart() {}

    /**
     * @param curves with at least one point
     * @param models the models' names in the page's order, which gives the colours
     */
    static String of(String title, List<Curve> curves, List<String> models, String cssClass, double width) {
        double height = width < 500 ? 240 : 300;
        Axis x = Axis.over(0, max(curves, Point::x), width < 500 ? 4 : 8);
        Axis y = Axis.over(Math.min(0, -max(curves, point -> -point.y())), max(curves, Point::y), 5);
        double right = width - RIGHT;
        double bottom = height - BOTTOM;
        Svg svg = new Svg(cssClass, width, height, title);
        for (double tick : y.ticks()) {
            double at = y.at(tick, bottom, TOP);
            svg.line("grid", LEFT, at, right, at);
            svg.text("tick end", LEFT - 8, at + 4, y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.text("tick middle", x.at(tick, LEFT, right), bottom + 18, x.label(tick));
        }
        svg.text("tick middle", (LEFT + right) / 2, height - 6, curves.get(0).unit());
        for (Curve curve : curves) {
            StringBuilder d = new StringBuilder();
            for (Point point : curve.points()) {
                d.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        d.isEmpty() ? "M" : "L",
                        x.at(point.x(), LEFT, right),
                        y.at(point.y(), bottom, TOP)));
            }
            int model = Math.max(0, models.indexOf(curve.model()));
            svg.path("curve m" + model, d.toString());
            Point last = curve.points().get(curve.points().size() - 1);
            svg.mark(model, x.at(last.x(), LEFT, right), y.at(last.y(), bottom, TOP));
        }
        return svg.toString();
    }

    private static double max(List<Curve> curves, ToDoubleFunction<Point> value) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(value)
                .max()
                .orElse(1);
    }
}
