package io.glossa.jobs.report;

import java.util.Locale;

/** A drawing. Colours come from the page's style sheet, by class, so that they follow light and dark. */
final class Svg {
    private static final double MARK = 5;

    private final Html markup = new Html();

    /**
     * @param cssClass which screens see it: {@code wide}, {@code narrow} or both if empty
     * @param label what it shows, for those who cannot see it
     */
    Svg(String cssClass, double width, double height, String label) {
        this("<svg", cssClass, width, height, label);
    }

    private Svg(String start, String cssClass, double width, double height, String label) {
        markup.raw(start);
        markup.add(
                " class=\"%s\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\" aria-label=\"%s\">",
                cssClass, width, height, width, height, label);
    }

    /** A drawing in a file of its own, which brings its style sheet. */
    static Svg alone(String styleSheet, double width, double height, String label) {
        Svg svg = new Svg("<svg xmlns=\"http://www.w3.org/2000/svg\"", "alone", width, height, label);
        svg.markup.raw("<style>\n" + styleSheet + "</style>");
        return svg;
    }

    Svg line(String cssClass, double x1, double y1, double x2, double y2) {
        markup.add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", cssClass, x1, y1, x2, y2);
        return this;
    }

    Svg rect(String cssClass, double x, double y, double width, double height) {
        markup.add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"1.5\"/>",
                cssClass, x, y, Math.max(0, width), Math.max(0, height));
        return this;
    }

    /** Text; its class sets the anchor ({@code start}, {@code middle}, {@code end}). */
    Svg text(String cssClass, double x, double y, String text) {
        markup.add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", cssClass, x, y, text);
        return this;
    }

    Svg path(String cssClass, String d) {
        markup.add("<path class=\"%s\" d=\"%s\"/>", cssClass, d);
        return this;
    }

    /** The model's mark: its shape tells as much as its colour. */
    Svg mark(int model, double x, double y) {
        String cssClass = "mark m" + model;
        return switch (model % 3) {
            case 0 ->
                path(
                        cssClass,
                        shape(
                                "M%.1f %.1fa%3$.1f %3$.1f 0 1 0 %4$.1f 0a%3$.1f %3$.1f 0 1 0 -%4$.1f 0z",
                                x - MARK, y, MARK, 2 * MARK));
            case 1 ->
                path(
                        cssClass,
                        shape("M%.1f %.1fl%3$.1f %3$.1fl-%3$.1f %3$.1fl-%3$.1f -%3$.1fz", x, y - MARK - 1, MARK + 1));
            default ->
                path(
                        cssClass,
                        shape("M%.1f %.1fh%3$.1fv%3$.1fh-%3$.1fz", x - MARK + 0.5, y - MARK + 0.5, 2 * MARK - 1));
        };
    }

    private static String shape(String template, Object... numbers) {
        return String.format(Locale.ROOT, template, numbers);
    }

    @Override
    public String toString() {
        return markup + "</svg>";
    }
}
