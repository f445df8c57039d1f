package io.glossa.jobs.report;

import io.glossa.jobs.corpus.Voice;
import io.glossa.jobs.report.Report.Codebook;
import io.glossa.jobs.report.Report.Comparison;
import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.DataShare;
import io.glossa.jobs.report.Report.Example;
import io.glossa.jobs.report.Report.FilterYield;
import io.glossa.jobs.report.Report.Model;
import io.glossa.jobs.report.Report.Point;
import io.glossa.jobs.report.Report.Range;
import io.glossa.jobs.report.Report.Rates;
import io.glossa.jobs.report.Report.Rejects;
import io.glossa.jobs.report.Report.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A report with something in every part, and text that would break markup that is not escaped. */
final class SampleReport {
    static final String HOSTILE = "</dd><script>alert('x')</script> & \"quoted\" \u0001";
    private static final List<String> LANGUAGES = List.of("en", "es", "fr", "it", "ru");

    private SampleReport() {}

    static Report of() {
        List<Model> models = List.of(
                model("a", "CTC from scratch", 0.481, 0),
                model("b", "BEST-RQ, then CTC", 0.452, 0),
                model("c", "taught by b: human and pseudo-labels", 0.449, 0.31));
        return new Report(
                "Speech recognition in five languages",
                "2026-05-04T10:00:00Z",
                "0.1.0",
                "a processor of some kind, 2 cores, JDK 17",
                7,
                new TreeMap<>(Map.of("finetune.passes", "22", "model.layers", "4", "pretrain.codebooks", "16")),
                data(),
                models,
                List.of(
                        new Comparison("b", "a", -0.029, new Range(-0.041, -0.017), "", ""),
                        new Comparison(
                                "c",
                                "b",
                                -0.003,
                                new Range(-0.012, 0.006),
                                "",
                                "Likely cause: few hours of unlabelled speech."),
                        new Comparison(
                                "d", "c", -0.02, new Range(-0.03, -0.01), "Of 0.35 hours only 0.01 got a label.", "")),
                steps(),
                filters(),
                List.of(new Rejects("ingest", "not-audio", 2, List.of("notes.wav", HOSTILE))),
                Map.of("truncated", 1L),
                curves(),
                IntStream.range(0, 16)
                        .mapToObj(i -> new Codebook(i, 8192, 0.5 + i * 0.02, 9 + i * 0.15, Math.pow(2, 9 + i * 0.15)))
                        .toList(),
                examples(),
                List.of(
                        new Voice(
                                "Allison",
                                "Allison Smith",
                                "CC-BY-SA-3.0",
                                List.of("en", "es"),
                                List.of("prompts-en 1.6")),
                        new Voice("Carlo", "Carlo Flora", "CC-BY-3.0", List.of("it"), List.of("prompts-it 1.6"))),
                List.of("There are four voices: this is recognition of known speakers.", "Telephone quality."));
    }

    static Map<String, byte[]> spectrograms() {
        int frames = 420;
        int mels = 128;
        float[] logmel = new float[frames * mels];
        for (int t = 0; t < frames; t++) {
            for (int m = 0; m < mels; m++) {
                double harmonic = Math.cos(m * 0.6 + 3 * Math.sin(t * 0.05));
                logmel[t * mels + m] = (float) (harmonic * Math.abs(Math.sin(t * 0.03)) * 4 - m * 0.05 - 4);
            }
        }
        byte[] png = Spectrogram.png(logmel, mels);
        return Map.of("u1", png, "u2", png);
    }

    private static Model model(String name, String description, double cer, double hoursPseudo) {
        Map<String, Rates> byLanguage = new LinkedHashMap<>();
        for (int i = 0; i < LANGUAGES.size(); i++) {
            double rate = cer + (i - 2) * 0.04;
            byLanguage.put(LANGUAGES.get(i), new Rates(rate, new Range(rate - 0.03, rate + 0.035), 0.95, 104));
        }
        return new Model(
                name,
                description,
                cer,
                new Range(cer - 0.014, cer + 0.015),
                0.96,
                new Range(0.95, 0.97),
                cer + 0.03,
                480,
                byLanguage,
                1.003,
                hoursPseudo,
                1.38,
                4,
                22,
                27.6 + 22 * hoursPseudo,
                2_213_000);
    }

    private static List<DataShare> data() {
        List<DataShare> data = new ArrayList<>();
        for (String lang : LANGUAGES) {
            data.add(new DataShare(lang, "train", 318, 12.04));
            data.add(new DataShare(lang, "unlabelled", 110, 4.5));
            data.add(new DataShare(lang, "test", 104, 3.92));
        }
        return data;
    }

    private static List<Step> steps() {
        return List.of(
                new Step("ingest", 41, 1.7, 149, "2,658 files"),
                new Step("featurize", 12.4, 1.7, 494, ""),
                new Step("a: finetune", 312, 22.1, 254, "22 passes"),
                new Step("b: pretrain", 402, 30.2, 270, "30 passes"),
                new Step("c: finetune", 280, 21, 270, "20 passes"));
    }

    private static List<FilterYield> filters() {
        List<FilterYield> filters = new ArrayList<>();
        for (String lang : LANGUAGES) {
            filters.add(new FilterYield("low-confidence", lang, 22, 0.2, 0.015));
            filters.add(new FilterYield("accepted", lang, 88, 0.8, 0.06));
        }
        return filters;
    }

    private static List<Curve> curves() {
        return List.of(
                new Curve("CTC loss per symbol", "a", "passes", decay(6, 1.2)),
                new Curve("CTC loss per symbol", "b", "passes", decay(5, 1.1)),
                new Curve("CTC loss per symbol", "c", "passes", decay(4, 1.05)),
                new Curve("BEST-RQ loss", "b", "passes", decay(9, 6.4)),
                new Curve("Loss of each stream", "paired", "steps", decay(5, 1.5)),
                new Curve("Loss of each stream", "text", "steps", decay(6, 2.5)));
    }

    private static List<Point> decay(double from, double to) {
        return IntStream.rangeClosed(0, 44)
                .mapToObj(i -> new Point(i / 2.0, to + (from - to) * Math.exp(-i / 9.0)))
                .toList();
    }

    private static List<Example> examples() {
        Map<String, String> hypotheses = new LinkedHashMap<>();
        hypotheses.put("a", "plese enter yor ex tension");
        hypotheses.put("b", "please enter your extension numbe");
        hypotheses.put("c", "please enter your extension number");
        return List.of(
                new Example("u1", "en", 4.2, "please enter your extension number", hypotheses, false),
                new Example("u2", "fr", 2.1, HOSTILE, Map.of("a", "", "b", HOSTILE), true));
    }
}
