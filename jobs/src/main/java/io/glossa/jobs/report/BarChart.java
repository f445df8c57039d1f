package io.glossa.jobs.report;

import java.util.List;
import java.util.stream.IntStream;

/** Upright bars against the most that there could be: one for each codebook. */
final class BarChart {
    private static final double HEIGHT = 150;
    private static final double TOP = 14;
    private static final double BOTTOM = 24;
    private static final double LEFT = 44;
    private static final double RIGHT = 14;

    private BarChart() {}

    /**
     * @param most the upper end of the axis
     * @param unit written behind the axis' numbers
     */
    static String of(String title, List<Double> values, double most, String unit, String cssClass, double width) {
        double right = width - RIGHT;
        double bottom = HEIGHT - BOTTOM;
        Svg svg = new Svg(cssClass, width, HEIGHT, title);
        for (double share : new double[] {0, 0.5, 1}) {
            double at = bottom - share * (bottom - TOP);
            svg.line("grid", LEFT, at, right, at);
            svg.text("tick end", LEFT - 8, at + 4, Words.decimal(Math.rint(most * share * 10) / 10) + unit);
        }
        double cell = (right - LEFT) / values.size();
        double bar = Math.min(28, cell * 0.62);
        IntStream.range(0, values.size()).forEach(i -> {
            double height = values.get(i) / most * (bottom - TOP);
            double middle = LEFT + cell * (i + 0.5);
            svg.rect("bar", middle - bar / 2, bottom - height, bar, height);
            if (cell >= 20 || i % 2 == 0) {
                svg.text("tick middle", middle, HEIGHT - 6, Integer.toString(i + 1));
            }
        });
        return svg.toString();
    }
}
