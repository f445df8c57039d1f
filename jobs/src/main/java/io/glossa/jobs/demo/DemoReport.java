package io.glossa.jobs.demo;

import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.demo.DemoRun.Recogniser;
import io.glossa.jobs.evaluate.Bootstrap;
import io.glossa.jobs.evaluate.ErrorRates;
import io.glossa.jobs.evaluate.Heard;
import io.glossa.jobs.evaluate.Scored;
import io.glossa.jobs.report.Report;
import io.glossa.jobs.report.Report.Codebook;
import io.glossa.jobs.report.Report.Comparison;
import io.glossa.jobs.report.Report.Curve;
import io.glossa.jobs.report.Report.Model;
import io.glossa.jobs.report.Report.Point;
import io.glossa.jobs.report.Report.Range;
import io.glossa.jobs.report.Report.Rates;
import io.glossa.jobs.train.MetricsFile;
import io.glossa.jobs.train.MetricsLine;
import io.glossa.jobs.train.TrainResult;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** What the demo measured, as the report's records. */
final class DemoReport {
    private static final double NATS_PER_BIT = Math.log(2);
    private static final double SECONDS_PER_HOUR = 3600;

    /** Of the unlabelled speech, the least that has to be labelled for (c) to be held against (b). */
    private static final double LEAST_LABELLED_SHARE = 0.1;

    private final DemoPlan plan;
    private final int seed;
    private final DemoRun run;
    private final LakeFacts facts;

    DemoReport(DemoPlan plan, int seed, DemoRun run, LakeFacts facts) {
        this.plan = plan;
        this.seed = seed;
        this.run = run;
        this.facts = facts;
    }

    Report report(String title, String version, Corpus corpus, List<Report.Example> examples, List<String> notes) {
        return new Report(
                title,
                Instant.now().toString(),
                version,
                machine(),
                seed,
                plan.values(languages()),
                facts.data(),
                tested().stream().map(this::model).toList(),
                comparisons(),
                run.steps(),
                filters(),
                facts.rejects(),
                facts.warnings(),
                curves(),
                codebooks(),
                examples,
                corpus.voices(),
                notes);
    }

    private List<String> languages() {
        return facts.data().stream()
                .map(Report.DataShare::lang)
                .distinct()
                .sorted()
                .toList();
    }

    /** The recognisers that there was something to test on. */
    private List<Recogniser> tested() {
        return run.recognisers().stream()
                .filter(recogniser -> recogniser.evaluation().isPresent())
                .toList();
    }

    private Model model(Recogniser recogniser) {
        var found = recogniser.evaluation().orElseThrow().evaluation();
        Map<String, Rates> byLanguage = new TreeMap<>();
        found.byLanguage()
                .forEach((lang, rates) -> byLanguage.put(
                        lang, new Rates(rates.cer(), Range.of(rates.cerInterval()), rates.wer(), rates.utterances())));
        ErrorRates all = found.rates();
        TrainResult training = recogniser.training();
        Optional<TrainResult> pretrained = recogniser.before().stream().findFirst();
        return new Model(
                recogniser.name(),
                recogniser.description(),
                all.cer(),
                Range.of(all.cerInterval()),
                all.wer(),
                Range.of(all.werInterval()),
                found.unseenText().cer(),
                found.unseenText().utterances(),
                byLanguage,
                training.hours(),
                training.pseudoHours(),
                pretrained.map(TrainResult::hours).orElse(0.0),
                pretrained.map(TrainResult::passes).orElse(0),
                training.passes(),
                seen(training)
                        + recogniser.before().stream().mapToDouble(this::seen).sum(),
                parameters(training.checkpoint()));
    }

    /** Hours of audio that a training learned from, counted as often as it was seen; MOST's by the time that it took. */
    private double seen(TrainResult training) {
        if (run.most().filter(training::equals).isEmpty()) {
            return training.passes() * (training.hours() + training.pseudoHours());
        }
        return MetricsFile.read(training.folder()).stream()
                .reduce((line, next) -> next)
                .map(last -> last.audioHoursPerHour() * last.seconds() / SECONDS_PER_HOUR)
                .orElse(0.0);
    }

    /** Numbers learned: the model's tensors but for the front end's statistics. */
    private static long parameters(Folder checkpoint) {
        return Checkpoints.readModel(checkpoint).model().entrySet().stream()
                .filter(tensor -> !tensor.getKey().startsWith("frontend."))
                .mapToLong(tensor -> Arrays.stream(tensor.getValue().shape()).reduce(1, (a, b) -> a * b))
                .sum();
    }

    private List<Comparison> comparisons() {
        List<Recogniser> all = tested();
        List<Comparison> comparisons = new ArrayList<>();
        for (Recogniser recogniser : all) {
            all.stream()
                    .filter(other -> other.name().equals(recogniser.baseline()))
                    .forEach(baseline -> comparisons.add(comparison(recogniser, baseline)));
        }
        return comparisons;
    }

    private Comparison comparison(Recogniser model, Recogniser baseline) {
        List<Scored> better = scored(model);
        List<Scored> before = scored(baseline);
        int[] lengths = ints(better, Scored::characters);
        int[] errors = ints(better, Scored::characterErrors);
        int[] errorsBefore = ints(before, Scored::characterErrors);
        double difference = Bootstrap.rate(errors, lengths) - Bootstrap.rate(errorsBefore, lengths);
        Range interval = Range.of(new Bootstrap(lengths.length, seed).difference(errors, errorsBefore, lengths));
        return new Comparison(model.name(), baseline.name(), difference, interval, tooFew(model), cause(model));
    }

    /** Why (c) cannot be held against (b), which it differs from in its pseudo-labels alone; else empty. */
    private String tooFew(Recogniser model) {
        return run.labels()
                .filter(labels -> model.name().equals("c"))
                .map(labels -> labels.labels().audioSeconds() / SECONDS_PER_HOUR)
                .map(unlabelled -> tooFew(model.training().pseudoHours(), unlabelled))
                .orElse("");
    }

    /** Empty where a tenth of the unlabelled hours or more got a label that is learned from. */
    static String tooFew(double hours, double unlabelled) {
        return hours >= LEAST_LABELLED_SHARE * unlabelled && hours > 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Of %.2f hours of unlabelled speech only %.2f got a label that was accepted, less than %.0f %%:"
                                + " both have learned from nearly the same.",
                        unlabelled,
                        hours,
                        100 * LEAST_LABELLED_SHARE);
    }

    /** What is thought to be the reason, should the step not have helped. */
    private String cause(Recogniser model) {
        if (model.name().equals("b")) {
            return String.format(
                    Locale.ROOT,
                    "The likely cause: pre-training saw only %.1f hours in %d passes, hardly more than the labelled data"
                            + " itself; self-supervision pays where unlabelled speech is plenty.",
                    run.pretrained().orElseThrow().hours(),
                    plan.pretrain());
        }
        if (model.name().equals("d")) {
            return String.format(
                    Locale.ROOT,
                    "The likely cause: MOST had %,d steps on an hour of speech with text, and the sentences are of"
                            + " manuals, unlike what is said here; it is for millions of hours.",
                    plan.mostSteps());
        }
        return String.format(
                Locale.ROOT,
                "The likely cause: only %.2f hours of pseudo-labels passed the filters, and their teacher's own errors"
                        + " are in them.",
                model.training().pseudoHours());
    }

    private static List<Scored> scored(Recogniser recogniser) {
        return recogniser.evaluation().orElseThrow().utterances().stream()
                .map(Heard::scored)
                .toList();
    }

    private static int[] ints(List<Scored> scored, ToIntFunction<Scored> value) {
        return scored.stream().mapToInt(value).toArray();
    }

    private List<Report.FilterYield> filters() {
        return run.labels().stream()
                .flatMap(labels -> labels.labels().yields().stream())
                .map(y -> new Report.FilterYield(
                        y.verdict(), y.lang(), y.utterances(), y.share(), y.seconds() / SECONDS_PER_HOUR))
                .toList();
    }

    private List<Curve> curves() {
        List<Curve> curves = new ArrayList<>();
        for (Recogniser recogniser : run.recognisers()) {
            curves.add(curve("CTC loss", recogniser.name(), recogniser.training(), MetricsLine::loss));
        }
        run.pretrained().ifPresent(pretrained -> {
            curves.add(curve("BEST-RQ loss", "pre-training", pretrained, MetricsLine::loss));
            curves.add(curve(
                    "Masked frames named right",
                    "pre-training",
                    pretrained,
                    line -> line.metrics().getOrDefault("masked-accuracy", 0.0)));
        });
        run.most().ifPresent(most -> curves.addAll(StreamCurves.of(MetricsFile.read(most.folder()))));
        return curves;
    }

    private static Curve curve(String chart, String model, TrainResult training, ToDoubleFunction<MetricsLine> value) {
        List<Point> points = MetricsFile.read(training.folder()).stream()
                .map(line -> new Point(
                        training.passes() * (double) line.step() / line.totalSteps(), value.applyAsDouble(line)))
                .toList();
        return new Curve(chart, model, "passes", points);
    }

    private List<Codebook> codebooks() {
        Map<String, Double> metrics = run.pretrained().map(TrainResult::metrics).orElse(Map.of());
        int size = DemoPlan.codes();
        List<Codebook> codebooks = new ArrayList<>();
        for (int k = 0; metrics.containsKey("codebook-coverage." + k); k++) {
            codebooks.add(new Codebook(
                    k,
                    size,
                    metrics.get("codebook-coverage." + k),
                    metrics.get("codebook-entropy." + k) / NATS_PER_BIT,
                    metrics.get("codebook-perplexity." + k)));
        }
        return codebooks;
    }

    /** One utterance per language of middling length, and the longest. */
    List<Report.Example> examples() {
        List<Heard> heard = tested().stream()
                .findFirst()
                .map(recogniser -> recogniser.evaluation().orElseThrow().utterances())
                .orElse(List.of());
        Map<String, List<Heard>> byLanguage = new TreeMap<>();
        heard.forEach(one -> byLanguage
                .computeIfAbsent(one.lang(), lang -> new ArrayList<>())
                .add(one));
        List<Report.Example> examples = new ArrayList<>();
        byLanguage.forEach((lang, some) -> {
            some.sort(java.util.Comparator.comparingDouble(Heard::seconds).thenComparing(Heard::id));
            examples.add(example(some.get(some.size() * 2 / 3)));
        });
        return examples;
    }

    private Report.Example example(Heard heard) {
        Map<String, String> hypotheses = new LinkedHashMap<>();
        for (Recogniser recogniser : tested()) {
            recogniser.evaluation().orElseThrow().utterances().stream()
                    .filter(other -> other.id().equals(heard.id()))
                    .forEach(other -> hypotheses.put(recogniser.name(), other.hypothesis()));
        }
        return new Report.Example(
                heard.id(), heard.lang(), heard.seconds(), heard.reference(), hypotheses, heard.textSeen());
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.version");
    }
}
