package io.glossa.jobs.report;

import io.glossa.error.GlossaException;
import io.glossa.jobs.report.Report.DataShare;
import io.glossa.jobs.report.Report.Model;
import io.glossa.jobs.report.Report.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The report as a page: one self-contained file, light and dark, for any width of screen. */
public final class ReportPage {
    static final double WIDE = 720;
    static final double NARROW = 350;

    private ReportPage() {}

    /** Writes {@code report.html}. */
    public static void write(Report report, Map<String, byte[]> spectrograms, Path file) {
        try {
            Files.writeString(file, html(report, spectrograms), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + file + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    /**
     * The page.
     *
     * @param spectrograms PNG by example id; an example without one is shown without a picture
     */
    public static String html(Report report, Map<String, byte[]> spectrograms) {
        Html page = new Html().raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
        page.add("<title>Glossa: %s</title>\n", report.title());
        page.raw("<style>\n" + styleSheet() + "</style>\n</head>\n<body>\n<main>\n");
        page.raw(header(report));
        page.raw(notes(report));
        page.raw(Results.html(report));
        page.raw(Examples.html(report, spectrograms));
        page.raw(Training.html(report));
        page.raw(Particulars.html(report));
        page.add(
                "<footer><p>Made by Glossa %s on %s. Every number on this page was measured in that run;"
                        + " <code>report.json</code> beside it has them all.</p></footer>\n",
                report.version(), day(report));
        return page.raw("</main>\n</body>\n</html>\n").toString();
    }

    /** A drawing for wide screens and one for phones; the style sheet shows one of them. */
    static String bothWidths(BiFunction<String, Double, String> drawing) {
        return drawing.apply("wide", WIDE) + drawing.apply("narrow", NARROW);
    }

    private static String header(Report report) {
        Html html = new Html().raw("<header>\n");
        html.add("<p class=\"kicker\">Glossa <span>%s</span></p>\n<h1>%s</h1>\n", day(report), report.title());
        Optional<Model> best = report.models().stream().min(Comparator.comparingDouble(Model::cer));
        best.ifPresent(model -> html.add("<p class=\"lead\">%s</p>\n", lead(report, model)));
        html.raw("<dl class=\"figures\">\n");
        best.ifPresent(model -> {
            figure(
                    html,
                    "characters wrong",
                    Words.percent(model.cer()),
                    "best of " + Words.count(report.models().size(), "recogniser") + ": " + model.name());
            figure(html, "words wrong", Words.percent(model.wer()), "the same recogniser");
        });
        figure(html, "labelled speech", Words.audio(minutes(report, "train") / 60), languages(report));
        figure(html, "time", Words.time(seconds(report.steps())), "all steps together");
        return html.raw("</dl>\n</header>\n").toString();
    }

    /** "4 May 2026". */
    private static String day(Report report) {
        return DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH)
                .format(Instant.parse(report.created()).atZone(ZoneOffset.UTC));
    }

    private static String lead(Report report, Model best) {
        int tested = best.byLanguage().values().stream()
                .mapToInt(Report.Rates::utterances)
                .sum();
        return "The best recogniser, " + best.name() + ", gets " + Words.percent(best.cer())
                + " of the characters wrong (95 % interval " + Words.percent(best.cerInterval()) + ") on "
                + Words.count(tested, "test utterance") + " that nothing was trained or tuned on, after "
                + Words.audio(best.hoursLabelled()) + " of labelled speech.";
    }

    private static void figure(Html html, String name, String value, String note) {
        html.add("<div><dt>%s</dt><dd>%s</dd><dd class=\"note\">%s</dd></div>\n", name, value, note);
    }

    private static String notes(Report report) {
        if (report.notes().isEmpty()) {
            return "";
        }
        Html html = new Html().raw("<section class=\"aside\">\n<h2>How to read these numbers</h2>\n<ul>\n");
        report.notes().forEach(note -> html.add("<li>%s</li>\n", note));
        return html.raw("</ul>\n</section>\n").toString();
    }

    private static String languages(Report report) {
        return Words.count(
                report.data().stream()
                        .filter(share -> share.split().equals("train"))
                        .map(DataShare::lang)
                        .distinct()
                        .count(),
                "language");
    }

    static double minutes(Report report, String split) {
        return report.data().stream()
                .filter(share -> share.split().equals(split))
                .mapToDouble(DataShare::minutes)
                .sum();
    }

    static double seconds(List<Step> steps) {
        return steps.stream().mapToDouble(Step::seconds).sum();
    }

    static String styleSheet() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot read the page's style sheet: " + e.getMessage())
                    .causedBy(e);
        }
    }
}
