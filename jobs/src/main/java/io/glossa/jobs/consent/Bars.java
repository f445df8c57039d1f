package io.glossa.jobs.consent;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Which utterances a run may not use, and why: those that were forgotten; those of which a row of consent says no, whose recording or
 * speaker nobody can tell any more, and where consent is required those of which no row speaks. Decided by joins, whatever the size
 * of the tables.
 */
public final class Bars {
    /** The columns that {@link #marked} adds. */
    public static final String CODE = "barred";

    public static final String WHY = "why_barred";

    /** What else helps a run that has not begun. */
    public static final String BEFORE =
            "--use violations=leave-out does without them; --use purpose= and territory= say what the run is";

    /** What else helps one that has. */
    public static final String BEGUN = "its batches are planned: start anew in another folder";

    /** Bars nothing. */
    public static final Bars NONE = new Bars(Terms.NONE, null, null, null, false);

    private static final String ID = "utterance_id";
    private static final String FORGOTTEN = "forgotten";
    private static final String UNKNOWN = "unknown-utterance";
    private static final String NO_CONSENT = "no-consent";
    private static final int NAMED = 5;

    private final Terms terms;
    private final Dataset<Row> subjects;
    private final Dataset<Row> said;
    private final Dataset<Row> forgotten;
    private final boolean asks;
    private final boolean nothing;

    /** @param asks whether consent may bar any */
    private Bars(Terms terms, Dataset<Row> subjects, Dataset<Row> said, Dataset<Row> forgotten, boolean asks) {
        this.terms = terms;
        this.subjects = subjects;
        this.said = said;
        this.forgotten = forgotten;
        this.asks = asks;
        nothing = !asks && (forgotten == null || forgotten.isEmpty());
    }

    /** By these terms. */
    public static Bars of(SparkSession spark, Lake lake, Terms terms) {
        boolean required = terms.usage().consent() == Usage.Consent.REQUIRED;
        Dataset<Row> rows = table(spark, lake, LakeTable.CONSENT, terms.consent());
        Dataset<Row> said = required ? Verdicts.of(rows, terms) : Verdicts.noes(rows, terms);
        Dataset<Row> subjects = table(spark, lake, LakeTable.UTTERANCES, terms.utterances())
                .select(
                        col("id").as(ID),
                        col("recording_id"),
                        col("recording_uri"),
                        col("speaker").as("of_speaker"),
                        col("source").as("of_source"),
                        col("licence").as("of_licence"));
        lake.table(LakeTable.FORGOTTEN);
        Dataset<Row> forgotten = spark.table(Lake.nameOf(LakeTable.FORGOTTEN))
                .where(col("kind").equalTo("utterance"))
                .select(
                        col("id").as(ID),
                        lit(FORGOTTEN).as(CODE),
                        concat(lit("at somebody's request, on "), col("day")).as(WHY));
        return new Bars(terms, subjects, said, forgotten, required || !said.isEmpty());
    }

    /** A table at a snapshot; 0: before the first. */
    private static Dataset<Row> table(SparkSession spark, Lake lake, LakeTable table, long snapshot) {
        lake.table(table);
        return snapshot == 0
                ? spark.table(Lake.nameOf(table)).limit(0)
                : spark.read().option("versionAsOf", Long.toString(snapshot)).table(Lake.nameOf(table));
    }

    /** Whether nothing can be barred, which is known without looking at any utterance. */
    public boolean isNone() {
        return nothing;
    }

    /**
     * Of some utterances those that may not be used: {@code utterance_id}, {@value #CODE}, {@value #WHY}.
     *
     * @param some with {@code utterance_id}, once or several times
     */
    public Dataset<Row> among(Dataset<Row> some) {
        Dataset<Row> ids = some.select(ID).distinct();
        Dataset<Row> gone = forgotten.join(ids, new String[] {ID}, "left_semi");
        return asks ? gone.union(byConsent(ids.join(forgotten, new String[] {ID}, "left_anti"))) : gone;
    }

    private Dataset<Row> byConsent(Dataset<Row> ids) {
        Dataset<Row> asked = ids.join(subjects, new String[] {ID}, "left");
        Dataset<Row> spoken = asked.select(
                        col(ID),
                        col("of_speaker"),
                        col("of_source"),
                        col("of_licence"),
                        explode(array(
                                        named(Verdicts.RECORDING, "recording_id"),
                                        named(Verdicts.RECORDING, "recording_uri"),
                                        named(Verdicts.SPEAKER, "of_speaker"),
                                        named(Verdicts.SOURCE, "of_source"),
                                        named(Verdicts.LICENCE, "of_licence")))
                                .as("name"))
                .select(
                        col(ID),
                        col("of_speaker"),
                        col("of_source"),
                        col("of_licence"),
                        col("name.kind"),
                        col("name.key"))
                .join(said, new String[] {"kind", "key"})
                .where(Verdicts.SPEAKS);
        Dataset<Row> judged = spoken.withColumn("no", Verdicts.no())
                .groupBy(ID)
                .agg(min("no").as("no")) // null, where it is allowed, is no minimum
                .withColumn("spoken", lit(true));
        return asked.select(col(ID), col("recording_id"))
                .join(judged, new String[] {ID}, "left")
                .select(
                        col(ID),
                        when(col("recording_id").isNull(), lit(UNKNOWN))
                                .otherwise(coalesce(col("no." + CODE), unspoken(lit(NO_CONSENT))))
                                .as(CODE),
                        when(
                                        col("recording_id").isNull(),
                                        lit("it is not among the lake's utterances, so that nobody can tell whose"
                                                + " it is"))
                                .otherwise(coalesce(col("no." + WHY), unspoken(lit("no row of consent speaks of it"))))
                                .as(WHY))
                .where(col(CODE).isNotNull());
    }

    /** A value where consent is required and no row speaks of the utterance. */
    private Column unspoken(Column value) {
        boolean required = terms.usage().consent() == Usage.Consent.REQUIRED;
        return when(lit(required).and(col("spoken").isNull()), value);
    }

    private static Column named(String kind, String column) {
        return struct(lit(kind).as("kind"), col(column).as("key"));
    }

    /** Rows, which have {@code utterance_id}, with {@value #CODE} and {@value #WHY} if they are to be left out, else null in them. */
    public Dataset<Row> marked(Dataset<Row> rows) {
        return nothing || !terms.leavesOut()
                ? rows.withColumn(CODE, lit(null).cast("string"))
                        .withColumn(WHY, lit(null).cast("string"))
                : rows.join(among(rows), new String[] {ID}, "left");
    }

    /** Rows without those that are to be left out. */
    public Dataset<Row> allowed(Dataset<Row> rows) {
        return nothing || !terms.leavesOut() ? rows : rows.join(among(rows), new String[] {ID}, "left_anti");
    }

    /**
     * Ends a run that would use what it may not.
     *
     * @param used what it would use, with {@code utterance_id}
     * @param cannot what it cannot do then, in words
     * @param hint what else helps
     * @throws GlossaException of type USER that names the first and their number
     */
    public void requireNone(Dataset<Row> used, String cannot, String hint) {
        if (nothing) {
            return;
        }
        Dataset<Row> barred = among(used).cache();
        try {
            long count = barred.count();
            if (count > 0) {
                Stream<Row> first = barred.orderBy(ID).takeAsList(NAMED).stream();
                throw GlossaException.user(String.format(
                        Locale.ROOT,
                        "Cannot %s: found %,d utterances that it may not use: %s%s, expected none (%s)",
                        cannot,
                        count,
                        first.map(row -> row.getString(0) + " (" + row.getString(1) + ": " + row.getString(2) + ")")
                                .collect(Collectors.joining(", ")),
                        count > NAMED ? ", …" : "",
                        hint));
            }
        } finally {
            barred.unpersist();
        }
    }
}
