package io.glossa.jobs.demo;

import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.report.Report;
import io.glossa.jobs.report.ReportPage;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The whole demo, from a corpus to the report. */
public final class Demo {
    private Demo() {}

    /**
     * Runs every step and writes {@code report.json} and {@code report.html}.
     *
     * @param title of the report
     * @param work folder for models and the report
     * @return the page
     */
    public static Path run(
            String title,
            DemoPlan plan,
            int seed,
            Corpus corpus,
            Lake lake,
            SparkSession spark,
            Path work,
            PrintStream out) {
        DemoRun run = new DemoRun(plan, seed, lake, spark, Folder.of(work.resolve("models")), out);
        run.run(corpus);
        for (LakeTable table : LakeTable.values()) {
            lake.table(table); // made where a step that was left out would have made it
        }
        LakeFacts facts = new LakeFacts(spark, DemoRun.FRONT_END);
        DemoReport results = new DemoReport(plan, seed, run, facts);
        List<Report.Example> examples = results.examples();
        Report report = results.report(title, CodeVersion.current(), corpus, examples, notes(corpus, run, facts));
        report.write(work.resolve("report.json"));
        Path page = work.resolve("report.html");
        ReportPage.write(
                report,
                facts.spectrograms(examples.stream().map(Report.Example::id).toList()),
                page);
        print(report, page, out);
        return page;
    }

    private static List<String> notes(Corpus corpus, DemoRun run, LakeFacts facts) {
        List<String> notes = new ArrayList<>();
        notes.add(SplitsNote.of(facts.data()));
        SplitsNote.tooLittle(facts.data()).ifPresent(notes::add);
        run.leftOut().forEach(step -> notes.add("Left out, " + step));
        VoicesNote.of(corpus.voices()).ifPresent(notes::add);
        corpus.texts()
                .forEach(texts -> notes.add("Text without speech, in " + texts.lang() + ": sentences of "
                        + texts.source() + ", " + texts.licence() + "."));
        notes.add("“New texts” leaves out test utterances whose text also occurs among the labelled ones of their"
                + " language.");
        notes.add("Nothing was tuned on the test split; every step ran for a fixed number of passes.");
        Map<String, Long> passedOver = new TreeMap<>(corpus.leftOut());
        passedOver.putAll(run.passedOver());
        passedOver.forEach(
                (reason, count) -> notes.add(String.format(Locale.ROOT, "Left out: %s (%,d).", reason, count)));
        return notes;
    }

    private static void print(Report report, Path page, PrintStream out) {
        out.println();
        SplitsNote.tooLittle(report.data()).ifPresent(out::println);
        if (report.models().isEmpty()) {
            out.println("No recogniser was tested: see what was left out above.");
            out.println();
            out.println("The report: " + page.toUri());
            return;
        }
        out.printf(Locale.ROOT, "%-48s %6s  %-15s %6s  %s%n", "recogniser", "CER", "95 % interval", "WER", "new texts");
        for (Report.Model model : report.models()) {
            out.printf(
                    Locale.ROOT,
                    "%-48s %6.3f  %.3f–%.3f     %6.3f  %.3f%n",
                    "(" + model.name() + ") " + model.description(),
                    model.cer(),
                    model.cerInterval().low(),
                    model.cerInterval().high(),
                    model.wer(),
                    model.cerUnseenText());
        }
        for (Report.Comparison comparison : report.comparisons()) {
            if (!comparison.tooFew().isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        "(%s) against (%s): too few to tell. %s%n",
                        comparison.model(),
                        comparison.baseline(),
                        comparison.tooFew());
            } else if (!comparison.beats()) {
                out.printf(
                        Locale.ROOT,
                        "(%s) does not beat (%s). %s%n",
                        comparison.model(),
                        comparison.baseline(),
                        comparison.cause());
            }
        }
        out.println();
        out.println("The report: " + page.toUri());
    }
}
