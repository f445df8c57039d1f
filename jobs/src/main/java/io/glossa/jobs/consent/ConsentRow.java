package io.glossa.jobs.consent;

import io.glossa.config.Sha256;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** One row of a file of consent: one of the table, or a code and a detail that say why it is none. */
record ConsentRow(long number, Map<String, String> texts) implements Serializable {
    /** The columns that a file may have, which are the table's. */
    static final List<String> COLUMNS = List.of(
            "recording", "speaker", "source", "licence", "purposes", "territories", "expires", "revoked", "evidence");

    /** What the table has, the number of the row in its file, and of what was refused a code and a detail. */
    static final StructType SCHEMA = schema();

    private static final List<String> SUBJECT = COLUMNS.subList(0, 4);
    private static final String DIGEST = "[0-9a-f]{64}";

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Refused(String code, String detail) {
            super(detail);
            this.code = code;
        }
    }

    private static StructType schema() {
        StructType schema = new StructType().add("id", DataTypes.StringType);
        for (String column : COLUMNS) {
            schema = schema.add(column, DataTypes.StringType);
        }
        return schema.add("number", DataTypes.LongType)
                .add("code", DataTypes.StringType)
                .add("detail", DataTypes.StringType);
    }

    /** A row of {@link #SCHEMA}. */
    Row row() {
        try {
            String id = id();
            Stream<String> values = Stream.of(
                    text("recording"),
                    text("speaker"),
                    text("source"),
                    text("licence"),
                    words("purposes", text -> text.toLowerCase(Locale.ROOT)),
                    words("territories", text -> text.toUpperCase(Locale.ROOT)),
                    day("expires"),
                    day("revoked"),
                    evidence());
            return RowFactory.create(Stream.of(Stream.of(id), values, Stream.of(number, null, null))
                    .flatMap(each -> each)
                    .toArray());
        } catch (Refused e) {
            return refused(number, e.code, e.getMessage());
        }
    }

    /** Of a line that has other columns than the first. */
    static Row malformed(long number) {
        return refused(number, "malformed", "it has not as many values as the file has columns");
    }

    private static Row refused(long number, String code, String detail) {
        Object[] values = new Object[SCHEMA.size()];
        values[SCHEMA.fieldIndex("number")] = number;
        values[SCHEMA.fieldIndex("code")] = code;
        values[SCHEMA.fieldIndex("detail")] = detail;
        return RowFactory.create(values);
    }

    /** With a recording or a speaker the licence is one of the terms. */
    private String id() throws Refused {
        if (SUBJECT.stream().allMatch(column -> text(column) == null)) {
            throw new Refused("no-subject", "it names none of " + String.join(", ", SUBJECT));
        }
        boolean spoken = text("recording") != null || text("speaker") != null;
        return Sha256.of(SUBJECT.stream()
                .filter(column -> text(column) != null && !(spoken && column.equals("licence")))
                .map(column -> column + "=" + text(column))
                .collect(Collectors.joining("\n")));
    }

    private String text(String column) {
        String text = texts.get(column);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private String words(String column, UnaryOperator<String> spelt) {
        String text = text(column);
        return text == null ? null : Words.list(spelt.apply(text));
    }

    private String day(String column) throws Refused {
        String text = text(column);
        try {
            return text == null ? null : LocalDate.parse(text).toString();
        } catch (DateTimeParseException e) {
            throw new Refused("bad-date", column + " is '" + text + "', expected YYYY-MM-DD");
        }
    }

    private String evidence() throws Refused {
        String text = text("evidence");
        if (text != null && !text.toLowerCase(Locale.ROOT).matches(DIGEST)) {
            throw new Refused("bad-digest", "evidence is '" + text + "', expected a SHA-256 in 64 hexadecimal digits");
        }
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }
}
