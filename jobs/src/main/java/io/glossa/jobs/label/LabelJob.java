package io.glossa.jobs.label;

import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Columns;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.consent.Bars;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.Usage;
import io.glossa.jobs.spark.TaskProgress;
import io.glossa.jobs.spark.WriteNotes;
import io.glossa.nst.Filter;
import io.glossa.nst.FilterYield;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.LabelStage;
import io.glossa.nst.LabelSummary;
import io.glossa.nst.RecognizeStage;
import io.glossa.nst.Teacher;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A teacher labels what no person has transcribed. */
public final class LabelJob {
    static final String NAME = "label";

    private static final int SHORT_DIGEST = 12;

    private LabelJob() {}

    /** As below, by the consent of today and its usual settings. */
    public static LabelResult run(LabelConfig config, Teacher teacher, Lake lake, SparkSession spark) {
        return run(config, Terms.now(lake, Usage.DEFAULTS), teacher, lake, spark);
    }

    /**
     * Labels what is not labelled yet; twice the same adds nothing.
     *
     * @throws io.glossa.error.GlossaException of type USER if a teacher may not hear some of it, which is not to be left out
     */
    static LabelResult run(LabelConfig config, Terms terms, Teacher teacher, Lake lake, SparkSession spark) {
        long start = System.nanoTime();
        String model = teacher.digest().substring(0, SHORT_DIGEST);
        String run = NAME + "-" + config.generation() + "-" + model + "-" + config.features();
        Bars bars = Bars.of(spark, lake, terms);
        Dataset<Row> heard = RecognizeStage.features(
                spark,
                config.features(),
                RecognizeStage.frontEnd(lake, config.features(), teacher, NAME),
                config.splits());
        if (!terms.leavesOut()) {
            bars.requireNone(heard, NAME, Bars.BEFORE);
        }
        lake.tag(LakeTable.FEATURES, config.features(), run);
        Lineage lineage = LabelStage.lineage(config, teacher, run, CodeVersion.current());
        Optional<Dataset<Row>> without = Optional.of(bars)
                .filter(some -> terms.leavesOut() && !some.isNone())
                .map(some -> some.among(heard).withColumnsRenamed(Map.of(Bars.CODE, "code", Bars.WHY, "detail")));
        LabelSummary labels = TaskProgress.during(
                NAME, spark, "utterances", 0, () -> LabelStage.run(spark, lake, config, teacher, lineage, without));
        return new LabelResult(
                labels, teacher, labels.added() == 0, summary(config, model, labels, Summary.secondsSince(start)));
    }

    private static Summary summary(LabelConfig config, String model, LabelSummary labels, double seconds) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("teacher", model + ", generation " + config.generation());
        if (labels.added() < labels.utterances()) {
            notes.put("earlier", count(labels.utterances() - labels.added()) + " were labelled by an earlier run");
        }
        if (!labels.yields().isEmpty()) {
            notes.put("verdicts", Columns.text(table(labels.yields())));
        }
        notes.putAll(WriteNotes.of(labels.writes()));
        long in = labels.utterances()
                + labels.rejected().values().stream().mapToLong(Long::longValue).sum();
        return new Summary(
                NAME,
                seconds,
                labels.added() == labels.utterances() ? labels.audioSeconds() : 0,
                count(in) + " utterances of " + String.join(", ", config.splits()),
                count(labels.added()) + " labels added; " + count(labels.accepted()) + " of "
                        + count(labels.utterances()) + " accepted",
                labels.rejected(),
                Map.of(),
                notes);
    }

    /** A row per verdict, a column per language: how many, and which share of the language. */
    private static List<List<String>> table(List<FilterYield> yields) {
        List<String> langs =
                List.copyOf(new TreeSet<>(yields.stream().map(FilterYield::lang).toList()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of(""), langs.stream()).toList());
        Stream<String> reasons = Stream.of(Filter.values()).map(Filter::reason);
        Stream.concat(reasons, Stream.of(Filter.ACCEPTED)).forEach(verdict -> {
            List<String> row = new ArrayList<>(List.of(verdict));
            langs.forEach(lang -> row.add(cell(yields, verdict, lang)));
            rows.add(row);
        });
        return rows;
    }

    private static String cell(List<FilterYield> yields, String verdict, String lang) {
        return yields.stream()
                .filter(yield -> yield.verdict().equals(verdict) && yield.lang().equals(lang))
                .map(yield -> String.format(Locale.ROOT, "%,d (%.0f %%)", yield.utterances(), 100 * yield.share()))
                .findFirst()
                .orElse("0");
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
