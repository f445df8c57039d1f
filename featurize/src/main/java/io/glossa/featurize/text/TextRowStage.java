package io.glossa.featurize.text;

import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.text.TextLines.Line;
import io.glossa.text.TextEncoding;
import io.glossa.text.TextNormalizer;
import io.glossa.text.UndecodableText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The lines of a part as rows: a sentence, or a code that says why it is none. */
final class TextRowStage implements Iterator<Row> {
    /** A row for each line. Sentences have an id and a text, what was refused a file, a place in it, code and detail. */
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("offset", DataTypes.LongType)
            .add("code", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private static final int FIRST_OF_NO_UTF_8 = 0xFE;

    private final TextPart part;
    private final TextConfig config;
    private final Configuration configuration;
    private TextLines lines;
    private Row next;
    private boolean ended;

    TextRowStage(TextPart part, TextConfig config, Configuration configuration) {
        this.part = part;
        this.config = config;
        this.configuration = configuration;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = read();
        }
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Row row = next;
        next = null;
        return row;
    }

    private Row read() {
        try {
            if (lines == null) {
                lines = TextLines.open(configuration, part, config.maxBytes());
            }
            Line line = lines.next();
            if (line == null) {
                end();
                return null;
            }
            return row(line);
        } catch (Refusal refusal) {
            end();
            // What is wrong with a whole file is said once.
            return part.start() == 0 ? refused(null, refusal) : null;
        } catch (IOException e) {
            end();
            throw new UncheckedIOException("Cannot read " + part.uri(), e);
        }
    }

    private void end() {
        ended = true;
        if (lines != null) {
            try {
                lines.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + part.uri(), e);
            }
        }
    }

    private Row row(Line line) {
        try {
            String text = sentence(line.bytes());
            return RowFactory.create(Ids.sentence(config.lang(), text), text, null, null, null, null);
        } catch (Refusal refusal) {
            return refused(line.offset(), refusal);
        }
    }

    private String sentence(byte[] line) throws Refusal {
        if (line.length > config.maxBytes()) {
            throw new Refusal(RejectCode.TOO_LONG, "more than " + config.maxBytes() + " bytes");
        }
        if (line.length > 0 && (line[0] & 0xFF) >= FIRST_OF_NO_UTF_8) {
            throw new Refusal(RejectCode.TEXT_ENCODING, "byte 0 is not UTF-8");
        }
        try {
            String text = TextNormalizer.normalize(TextEncoding.UNICODE.decode(line));
            if (text.isEmpty()) {
                throw new Refusal(RejectCode.NO_TEXT, "nothing is left of it without punctuation and spaces");
            }
            return text;
        } catch (UndecodableText e) {
            throw new Refusal(RejectCode.TEXT_ENCODING, e.getMessage());
        }
    }

    private Row refused(Long offset, Refusal refusal) {
        return RowFactory.create(null, null, part.uri(), offset, refusal.code().name(), refusal.getMessage());
    }
}
