package io.glossa.jobs.report;

import io.glossa.jobs.report.Report.Comparison;
import io.glossa.jobs.report.Report.Model;
import io.glossa.jobs.report.Report.Rates;
import java.util.List;
import java.util.TreeSet;

/** How well each recogniser does: a chart, the verdicts, the tables. */
final class Results {
    private Results() {}

    static String html(Report report) {
        List<Model> models = report.models();
        if (models.isEmpty()) {
            return "";
        }
        Html html = new Html().raw("<section>\n<h2>Error rates</h2>\n");
        html.raw("<p>The share of characters that would have to be inserted, deleted or replaced to turn what was"
                + " recognised into what was said (CER), over the test split. A bar is the interval that holds 95 % of"
                + " 1000 resamples of the utterances.</p>\n");
        html.raw(legend(models));
        html.raw("<figure>\n" + ReportPage.bothWidths((cssClass, width) -> DotPlot.of(models, cssClass, width)))
                .raw("\n<figcaption>Character error rate by language; lower is better.</figcaption>\n</figure>\n");
        html.raw("<h3>Does each step help?</h3>\n<ul class=\"verdicts\">\n");
        report.comparisons().forEach(comparison -> verdict(html, comparison));
        html.raw("</ul>\n<h3>All recognisers</h3>\n").raw(overall(models));
        html.raw(
                "<p class=\"small\">“New texts” is the CER of only the test utterances whose text does not occur in the"
                        + " labelled data of their language: what was said there cannot be known by heart. “Passes” are those of pre-training and those over labelled data,"
                        + " “audio seen” all that the weights have learned from since they were random.");
        long parameters = models.stream().mapToLong(Model::parameters).max().orElse(0);
        html.add(" A recogniser has %,d parameters.</p>\n", parameters);
        return html.raw("<h3>By language</h3>\n")
                .raw(byLanguage(models))
                .raw("</section>\n")
                .toString();
    }

    static String legend(List<Model> models) {
        Html html = new Html().raw("<ul class=\"legend\">\n");
        for (int i = 0; i < models.size(); i++) {
            html.raw("<li>" + new Svg("", 16, 16, "").mark(i, 8, 8))
                    .add(
                            " <span><b>%s</b> %s</span></li>\n",
                            models.get(i).name(), models.get(i).description());
        }
        return html.raw("</ul>\n").toString();
    }

    private static void verdict(Html html, Comparison comparison) {
        String points = Words.signed(comparison.difference()) + " points (95 % interval "
                + Words.signed(comparison.interval().low()) + " to "
                + Words.signed(comparison.interval().high()) + ")";
        if (comparison.beats()) {
            html.add(
                    "<li class=\"yes\"><b>%s beats %s.</b> Its CER differs by %s.</li>\n",
                    comparison.model(), comparison.baseline(), points);
            return;
        }
        if (!comparison.tooFew().isEmpty()) {
            html.add(
                    "<li class=\"no\"><b>%s against %s: too few to tell.</b> The CER differs by %s. %s</li>\n",
                    comparison.model(), comparison.baseline(), points, comparison.tooFew());
            return;
        }
        String reading =
                comparison.interval().low() > 0 ? "It is worse" : "The difference is within what chance explains";
        html.add(
                "<li class=\"no\"><b>%s does not beat %s.</b> Its CER differs by %s. %s. %s</li>\n",
                comparison.model(), comparison.baseline(), points, reading, comparison.cause());
    }

    private static String overall(List<Model> models) {
        Table table = new Table(
                1,
                "",
                "CER",
                "95 % interval",
                "WER",
                "95 % interval",
                "new texts",
                "labelled",
                "pseudo",
                "passes",
                "audio seen");
        for (Model model : models) {
            table.row(
                    model.name(),
                    Words.percent(model.cer()),
                    Words.percent(model.cerInterval()),
                    Words.percent(model.wer()),
                    Words.percent(model.werInterval()),
                    Words.percent(model.cerUnseenText()),
                    Words.audio(model.hoursLabelled()),
                    model.hoursPseudoLabelled() > 0 ? Words.audio(model.hoursPseudoLabelled()) : "–",
                    model.passesBefore() > 0
                            ? model.passesBefore() + " + " + model.passes()
                            : Integer.toString(model.passes()),
                    Words.audio(model.hoursSeen()));
        }
        return table.html("");
    }

    private static String byLanguage(List<Model> models) {
        Table table = new Table(2, "language", "recogniser", "CER", "95 % interval", "WER", "utterances");
        TreeSet<String> languages = new TreeSet<>();
        models.forEach(model -> languages.addAll(model.byLanguage().keySet()));
        for (String lang : languages) {
            for (Model model : models) {
                Rates rates = model.byLanguage().get(lang);
                if (rates != null) {
                    table.row(
                            lang,
                            model.name(),
                            Words.percent(rates.cer()),
                            Words.percent(rates.cerInterval()),
                            Words.percent(rates.wer()),
                            Words.count(rates.utterances()));
                }
            }
        }
        return table.html("");
    }
}
