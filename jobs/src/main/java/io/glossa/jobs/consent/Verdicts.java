package io.glossa.jobs.consent;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What rows of consent say to a run: what each speaks of ({@code kind}, {@code key}), and its no, if it says that. */
final class Verdicts {
    static final String RECORDING = "recording";
    static final String SPEAKER = "speaker";
    static final String SOURCE = "source";
    static final String LICENCE = "licence";

    /** Of one who speaks, the licence is what was granted. */
    private static final Column GRANTED =
            col("recording").isNotNull().or(col("speaker").isNotNull());

    /** Whether a row that was found by its key speaks of an utterance in all else that it names. */
    static final Column SPEAKS = orNull("speaker", "of_speaker")
            .and(orNull("source", "of_source"))
            .and(GRANTED.or(orNull("licence", "of_licence")));

    private Verdicts() {}

    private static Column orNull(String named, String found) {
        return col(named).isNull().or(col(named).eqNullSafe(col(found)));
    }

    /** All rows. */
    static Dataset<Row> of(Dataset<Row> consent, Terms terms) {
        return consent.withColumn(
                        "kind",
                        when(col(RECORDING).isNotNull(), lit(RECORDING))
                                .when(col(SPEAKER).isNotNull(), lit(SPEAKER))
                                .when(col(SOURCE).isNotNull(), lit(SOURCE))
                                .otherwise(lit(LICENCE)))
                .withColumn("key", coalesce(col(RECORDING), col(SPEAKER), col(SOURCE), col(LICENCE)))
                .withColumn("own", own(terms));
    }

    /** Those that say no, or may, by the utterance's licence. */
    static Dataset<Row> noes(Dataset<Row> consent, Terms terms) {
        return of(consent, terms)
                .where(col("own").isNotNull().or(GRANTED.and(col(LICENCE).isNotNull())));
    }

    /** A row's no, whatever it is asked about. */
    private static Column own(Terms terms) {
        Usage usage = terms.usage();
        Column today = lit(terms.date());
        return when(col("revoked").leq(today), no("consent-revoked", concat(lit("revoked on "), col("revoked"))))
                .when(col("expires").lt(today), no("consent-expired", concat(lit("ended on "), col("expires"))))
                .when(
                        isNot("purposes", usage.purpose()),
                        no(
                                "consent-purpose",
                                concat(lit("for "), col("purposes"), lit(" alone" + run(usage.purpose())))))
                .when(
                        isNot("territories", usage.territory()),
                        no(
                                "consent-territory",
                                concat(lit("for "), col("territories"), lit(" alone" + run(usage.territory())))));
    }

    private static String run(String word) {
        return word.isEmpty() ? ", and the run does not say" : ", not for " + word;
    }

    private static Column isNot(String words, String word) {
        return col(words)
                .isNotNull()
                .and(array_contains(split(col(words), " "), word).equalTo(false));
    }

    /** The no of a row to an utterance; null: none. */
    static Column no() {
        Column other = col(LICENCE).isNotNull().and(GRANTED).and(col(LICENCE).notEqual(col("of_licence")));
        return coalesce(
                col("own"),
                when(
                        other,
                        no(
                                "consent-licence",
                                concat(
                                        lit("for "),
                                        col(LICENCE),
                                        lit(", and the lake has it under "),
                                        col("of_licence")))));
    }

    private static Column no(String code, Column reason) {
        return struct(
                lit(code).as(Bars.CODE),
                concat(
                                lit("consent of "),
                                col("kind"),
                                lit(" "),
                                col("key"),
                                lit(": "),
                                reason,
                                coalesce(concat(lit("; evidence "), col("evidence")), lit("")))
                        .as(Bars.WHY));
    }
}
