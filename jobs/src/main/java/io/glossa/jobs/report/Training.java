package io.glossa.jobs.report;

import io.glossa.jobs.report.Report.Codebook;
import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.FilterYield;
import io.glossa.jobs.report.Report.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How training went: losses, the use of the codebooks, what the filters left of the pseudo-labels. */
final class Training {
    private Training() {}

    static String html(Report report) {
        Html html = new Html();
        if (!report.curves().isEmpty()) {
            html.raw("<section>\n<h2>Training</h2>\n").raw(curves(report)).raw("</section>\n");
        }
        if (!report.codebooks().isEmpty()) {
            html.raw("<section>\n<h2>Codebooks</h2>\n")
                    .raw(codebooks(report.codebooks()))
                    .raw("</section>\n");
        }
        if (!report.filters().isEmpty()) {
            html.raw("<section>\n<h2>Pseudo-labels</h2>\n")
                    .raw(filters(report.filters()))
                    .raw("</section>\n");
        }
        return html.toString();
    }

    private static String curves(Report report) {
        List<String> models = report.models().stream().map(Model::name).toList();
        Map<String, List<Curve>> charts = report.curves().stream()
                .filter(curve -> !curve.points().isEmpty())
                .collect(Collectors.groupingBy(Curve::chart, LinkedHashMap::new, Collectors.toList()));
        Html html = new Html().raw(Results.legend(report.models()));
        charts.forEach((title, curves) -> {
            List<String> shown = curves.stream().map(Curve::model).distinct().toList();
            List<String> colours = models.containsAll(shown) ? models : shown;
            html.raw("<figure>\n");
            html.raw(ReportPage.bothWidths((cssClass, width) -> LineChart.of(title, curves, colours, cssClass, width)));
            html.add("\n<figcaption>%s:", title);
            shown.forEach(name -> html.raw(" " + new Svg("", 16, 16, "").mark(colours.indexOf(name), 8, 8))
                    .add(" %s", name));
            html.raw("</figcaption>\n</figure>\n");
        });
        return html.toString();
    }

    private static String codebooks(List<Codebook> books) {
        int size = books.stream().mapToInt(Codebook::size).max().orElse(1);
        double bits = Math.log(size) / Math.log(2);
        Html html = new Html();
        html.add(
                "<p>BEST-RQ asks the encoder to guess, under a mask, which entry of a fixed random codebook is nearest"
                        + " to what was there. A codebook is of use where many of its %,d entries occur (coverage) about"
                        + " equally often: an entropy of %.1f bits would be all of them alike.</p>\n",
                size, bits);
        List<Double> coverage =
                books.stream().map(book -> book.coverage() * 100).toList();
        List<Double> entropy = books.stream().map(Codebook::entropyBits).toList();
        html.raw("<figure>\n")
                .raw(ReportPage.bothWidths((cssClass, width) ->
                        BarChart.of("Coverage of each codebook", coverage, 100, "%", cssClass, width)))
                .raw("\n<figcaption>Coverage: entries that occurred at all, by codebook.</figcaption>\n</figure>\n");
        html.raw("<figure>\n")
                .raw(ReportPage.bothWidths((cssClass, width) ->
                        BarChart.of("Entropy of each codebook in bits", entropy, bits, "", cssClass, width)))
                .raw("\n<figcaption>Entropy in bits, by codebook.</figcaption>\n</figure>\n");
        double perplexity =
                books.stream().mapToDouble(Codebook::perplexity).average().orElse(0);
        return html.add("<p class=\"small\">Mean perplexity: %,.0f entries.</p>\n", perplexity)
                .toString();
    }

    private static String filters(List<FilterYield> yields) {
        TreeSet<String> languages = new TreeSet<>();
        Map<String, Map<String, FilterYield>> byFilter = new LinkedHashMap<>();
        for (FilterYield taken : yields) {
            languages.add(taken.lang());
            byFilter.computeIfAbsent(taken.filter(), name -> new LinkedHashMap<>())
                    .put(taken.lang(), taken);
        }
        List<String> heads = new ArrayList<>(List.of("", "audio"));
        heads.addAll(languages);
        Table table = new Table(1, heads.toArray(String[]::new));
        byFilter.forEach((filter, byLang) -> {
            double hours =
                    byLang.values().stream().mapToDouble(FilterYield::hours).sum();
            List<String> cells = new ArrayList<>(List.of(filter, Words.audio(hours)));
            for (String lang : languages) {
                FilterYield taken = byLang.get(lang);
                cells.add(
                        taken == null
                                ? "–"
                                : Words.count(taken.utterances()) + " (" + Words.percent(taken.share()) + ")");
            }
            table.row(cells.toArray(String[]::new));
        });
        return "<p>The teacher wrote down what it heard in the unlabelled speech. Each filter takes away what is likely"
                + " wrong; the first that objects is counted. Utterances, and their share of the language’s hypotheses:</p>\n"
                + table.html("");
    }
}
