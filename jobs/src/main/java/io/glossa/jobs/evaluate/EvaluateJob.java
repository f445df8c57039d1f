package io.glossa.jobs.evaluate;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Columns;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.nst.Hypothesis;
import io.glossa.nst.RecognizeStage;
import io.glossa.nst.Teacher;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A recogniser hears what people transcribed; how wrong it is goes beside its checkpoint. */
public final class EvaluateJob {
    static final String NAME = "evaluate";

    private EvaluateJob() {}

    /** Evaluates a model, unless the same evaluation is there already. */
    public static EvaluateResult run(EvaluateConfig config, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        Teacher model =
                Teacher.of(config.model(), config.base()).on(config.device()).hearing(config.frontEnd());
        long features = RecognizeStage.snapshot(lake, LakeTable.FEATURES, config.features());
        long transcripts = RecognizeStage.snapshot(lake, LakeTable.TRANSCRIPTS, config.transcripts());
        EvaluateReferences references =
                EvaluateReferences.read(lake, transcripts, config.splits(), config.trainingSplits());
        Evaluation.Subject subject = new Evaluation.Subject(
                model.digest(),
                config.splits(),
                config.trainingSplits(),
                features,
                RecognizeStage.frontEnd(lake, features, model, NAME),
                references.digest(),
                config.seed(),
                CodeVersion.current());

        EvaluationFiles files = new EvaluationFiles(model.folder());
        Optional<Evaluation> earlier =
                files.read().filter(found -> found.subject().equals(subject));
        if (earlier.isEmpty()) {
            evaluate(spark, subject, model, references, files);
        }
        Evaluation evaluation = files.read().orElseThrow();
        Summary summary = summary(evaluation, earlier.isPresent(), Summary.secondsSince(start));
        return new EvaluateResult(model.folder(), evaluation, files.utterances(), earlier.isPresent(), summary);
    }

    private static void evaluate(
            SparkSession spark,
            Evaluation.Subject subject,
            Teacher model,
            EvaluateReferences references,
            EvaluationFiles files) {
        Dataset<Row> features =
                RecognizeStage.features(spark, subject.features(), subject.frontEnd(), subject.splits());
        Map<String, Hypothesis> hypotheses =
                TaskProgress.during(NAME, spark, "utterances", 0, () -> recognise(features, model));
        List<Heard> heard = new ArrayList<>();
        references.texts().forEach((id, text) -> {
            if (hypotheses.containsKey(id)) {
                heard.add(heard(hypotheses.get(id), text, references.seen().contains(id)));
            }
        });
        if (heard.isEmpty()) {
            throw GlossaException.user("Cannot evaluate: snapshot " + subject.features()
                            + " of features has none of the utterances that people transcribed in the splits "
                            + String.join(", ", subject.splits()) + ", expected some (run featurize first)")
                    .forWantOfInput();
        }
        Map<String, Long> rejected = new TreeMap<>();
        rejected.put("too-long", RecognizeStage.tooLong(features).count());
        rejected.put("no-transcript", (long) hypotheses.size() - heard.size());
        rejected.put("no-features", references.texts().size() - heard.size() - rejected.get("too-long"));
        rejected.values().removeIf(count -> count <= 0);
        files.write(Evaluation.of(subject, heard, rejected), heard);
    }

    /** What the model hears, by utterance. */
    private static Map<String, Hypothesis> recognise(Dataset<Row> features, Teacher model) {
        try {
            return RecognizeStage.hypotheses(features, model).collectAsList().stream()
                    .map(RecognizeStage::hypothesis)
                    .collect(Collectors.toMap(Hypothesis::utterance, Function.identity(), EvaluateJob::twice));
        } finally {
            RecognizeStage.release();
        }
    }

    private static Hypothesis twice(Hypothesis one, Hypothesis other) {
        throw GlossaException.data("Cannot evaluate: found features of utterance " + one.utterance()
                + " twice in this snapshot, expected once (run featurize again: it takes away rows that are"
                + " there twice)");
    }

    private static Heard heard(Hypothesis found, String reference, boolean seen) {
        return new Heard(
                found.utterance(),
                found.lang(),
                found.seconds(),
                reference,
                found.text(),
                found.score(),
                found.confidence(),
                seen);
    }

    private static Summary summary(Evaluation found, boolean alreadyDone, double seconds) {
        Map<String, String> notes = new LinkedHashMap<>();
        if (alreadyDone) {
            notes.put("earlier", "an earlier run had done it all");
        }
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "utterances", "CER", "95 %", "WER", "95 %", "CER of new texts"));
        found.byLanguage()
                .forEach((lang, rates) ->
                        table.add(line(lang, rates, found.unseenTextByLanguage().get(lang))));
        table.add(line("all", found.rates(), found.unseenText()));
        notes.put("rates", Columns.text(table));
        return new Summary(
                NAME,
                seconds,
                alreadyDone ? 0 : found.audioSeconds(),
                String.format(
                        Locale.ROOT,
                        "%,d utterances of %s",
                        found.rates().utterances()
                                + found.rejected().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                        String.join(", ", found.subject().splits())),
                String.format(
                        Locale.ROOT,
                        "CER %.3f, WER %.3f",
                        found.rates().cer(),
                        found.rates().wer()),
                found.rejected(),
                Map.of(),
                notes);
    }

    private static List<String> line(String label, ErrorRates rates, ErrorRates unseen) {
        return List.of(
                label,
                String.format(Locale.ROOT, "%,d", rates.utterances()),
                String.format(Locale.ROOT, "%.3f", rates.cer()),
                String.format(
                        Locale.ROOT,
                        "%.3f–%.3f",
                        rates.cerInterval().low(),
                        rates.cerInterval().high()),
                String.format(Locale.ROOT, "%.3f", rates.wer()),
                String.format(
                        Locale.ROOT,
                        "%.3f–%.3f",
                        rates.werInterval().low(),
                        rates.werInterval().high()),
                unseen == null || unseen.utterances() == 0
                        ? "-"
                        : String.format(Locale.ROOT, "%.3f (%,d)", unseen.cer(), unseen.utterances()));
    }
}
