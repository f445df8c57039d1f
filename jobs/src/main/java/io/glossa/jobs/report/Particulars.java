package io.glossa.jobs.report;

import io.glossa.jobs.corpus.Voice;
import io.glossa.jobs.report.Report.DataShare;
import io.glossa.jobs.report.Report.Rejects;
import io.glossa.jobs.report.Report.Step;

/** The books: time, data, what was rejected, whose voices these are, and the settings. */
final class Particulars {
    private Particulars() {}

    static String html(Report report) {
        return new Html()
                .raw("<section>\n<h2>Time</h2>\n")
                .raw(steps(report))
                .raw("</section>\n<section>\n<h2>Data</h2>\n")
                .raw(data(report))
                .raw("<h3>What was rejected</h3>\n")
                .raw(rejects(report))
                .raw("<h3>Voices and licences</h3>\n")
                .raw(voices(report))
                .raw("</section>\n<section>\n<h2>Settings</h2>\n")
                .raw(settings(report))
                .raw("</section>\n")
                .toString();
    }

    private static String steps(Report report) {
        double longest =
                report.steps().stream().mapToDouble(Step::seconds).max().orElse(1);
        Html html = new Html().raw("<ol class=\"steps\">\n");
        for (Step step : report.steps()) {
            html.add(
                    "<li><span class=\"name\">%s</span><span class=\"took\">%s</span>",
                    step.name(), Words.time(step.seconds()));
            html.add(
                    "<span class=\"meter\"><span style=\"width:%.1f%%\"></span></span>",
                    100 * step.seconds() / longest);
            html.add("<span class=\"small\">%s</span></li>\n", about(step));
        }
        return html.raw("</ol>\n").toString();
    }

    private static String about(Step step) {
        String audio = step.audioHours() > 0
                ? Words.audio(step.audioHours()) + " of audio, " + Words.decimal(Math.rint(step.audioHoursPerHour()))
                        + " audio hours per hour"
                : "";
        return step.detail().isEmpty() ? audio : audio.isEmpty() ? step.detail() : audio + "; " + step.detail();
    }

    private static String data(Report report) {
        Table table = new Table(2, "language", "split", "utterances", "minutes");
        for (DataShare share : report.data()) {
            table.row(
                    share.lang(),
                    share.split(),
                    Words.count(share.utterances()),
                    Words.decimal(Math.rint(share.minutes() * 10) / 10));
        }
        return table.html("No speech was found.");
    }

    private static String rejects(Report report) {
        Table table = new Table(3, "reason", "step", "such as", "count");
        for (Rejects rejects : report.rejects()) {
            table.row(
                    rejects.code(),
                    rejects.stage(),
                    String.join(", ", rejects.examples()),
                    Words.count(rejects.count()));
        }
        Html html = new Html().raw(table.html("Nothing: all input could be used."));
        if (!report.warnings().isEmpty()) {
            html.raw("<p>Used in part or mended, and marked as such: ");
            html.add(
                    "%s.</p>\n",
                    report.warnings().entrySet().stream()
                            .map(entry -> entry.getKey() + " (" + Words.count(entry.getValue()) + ")")
                            .reduce((a, b) -> a + ", " + b)
                            .orElse(""));
        }
        return html.toString();
    }

    private static String voices(Report report) {
        Table table = new Table(5, "speaker", "credit", "licence", "speaks", "from");
        for (Voice voice : report.voices()) {
            table.row(
                    voice.speaker(),
                    voice.credit(),
                    voice.licence(),
                    String.join(", ", voice.languages()),
                    String.join(", ", voice.packages()));
        }
        return table.html("The recordings’ folder does not say who speaks, nor under which licence.");
    }

    private static String settings(Report report) {
        Html html = new Html().add("<p>Seed %d, on %s.</p>\n", report.seed(), report.machine());
        Table table = new Table(2, "key", "value");
        report.config().forEach((key, value) -> table.row(key, value));
        return html.raw("<details><summary>All settings</summary>\n")
                .raw(table.html("None."))
                .raw("</details>\n")
                .toString();
    }
}
