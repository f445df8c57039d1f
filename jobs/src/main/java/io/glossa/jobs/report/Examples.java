package io.glossa.jobs.report;

import io.glossa.jobs.evaluate.Levenshtein;
import io.glossa.jobs.evaluate.Levenshtein.Edit;
import io.glossa.jobs.evaluate.Scored;
import io.glossa.jobs.report.Report.Example;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A few test utterances: how they look, what was said, what each recogniser wrote. */
final class Examples {
    private Examples() {}

    static String html(Report report, Map<String, byte[]> spectrograms) {
        if (report.examples().isEmpty()) {
            return "";
        }
        Html html = new Html().raw("<section>\n<h2>Heard and written</h2>\n");
        html.raw(
                "<p>A test utterance of each language, longer than two thirds of them. <mark>Marked</mark> characters are wrong,"
                        + " <i class=\"gap\">‸</i> stands where some are missing. The picture is what the recogniser sees:"
                        + " 128 mel bands from 125 to 7600 Hz, a column every 10 ms.</p>\n");
        report.examples().forEach(example -> example(html, example, spectrograms.get(example.id())));
        return html.raw("</section>\n").toString();
    }

    private static void example(Html html, Example example, byte[] png) {
        html.raw("<article class=\"example\">\n");
        if (png != null) {
            html.add("<img alt=\"Spectrogram of %.1f s of speech\" src=\"data:image/png;base64,", example.seconds())
                    .raw(Base64.getEncoder().encodeToString(png))
                    .raw("\"/>\n");
        }
        html.add(
                "<p class=\"small\">%s, %.1f s%s</p>\n<dl class=\"texts\">\n",
                example.lang(),
                example.seconds(),
                example.textSeen() ? ", this text also occurs in the labelled data" : "");
        html.add("<dt>said</dt><dd lang=\"%s\">%s</dd>\n", example.lang(), example.reference());
        example.hypotheses()
                .forEach((model, hypothesis) -> html.add("<dt>%s</dt><dd lang=\"%s\">", model, example.lang())
                        .raw(
                                hypothesis.isEmpty()
                                        ? "<span class=\"small\">nothing</span>"
                                        : diff(example.reference(), hypothesis))
                        .raw("</dd>\n"));
        html.raw("</dl>\n</article>\n");
    }

    /** The hypothesis with its wrong stretches marked. */
    static String diff(String reference, String hypothesis) {
        List<Edit<Integer>> edits = Levenshtein.alignment(Scored.codePoints(reference), Scored.codePoints(hypothesis));
        StringBuilder html = new StringBuilder();
        StringBuilder wrong = new StringBuilder();
        boolean missing = false;
        for (Edit<Integer> edit : edits) {
            boolean inserted = edit.hypothesis() != null && !edit.matches();
            if (!inserted) {
                flush(html, wrong);
            }
            boolean deleted = edit.hypothesis() == null;
            if (deleted && !missing) {
                html.append("<i class=\"gap\">‸</i>");
            } else if (inserted) {
                wrong.appendCodePoint(edit.hypothesis());
            } else if (!deleted) {
                html.append(Html.text(Character.toString(edit.hypothesis())));
            }
            missing = deleted;
        }
        flush(html, wrong);
        return html.toString();
    }

    private static void flush(StringBuilder html, StringBuilder wrong) {
        if (!wrong.isEmpty()) {
            html.append("<mark>").append(Html.text(wrong.toString())).append("</mark>");
            wrong.setLength(0);
        }
    }
}
