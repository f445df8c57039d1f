package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file of Kaldi's, a key and a value a line, sorted by the keys' bytes. A file that is not there has no line. */
final class KaldiTable implements AutoCloseable {
    private final String uri;
    private final BufferedReader in;
    private String key;
    private String value;
    private boolean isAsked = true;

    private KaldiTable(String uri, Reader in) {
        this.uri = uri;
        this.in = new BufferedReader(in);
    }

    static KaldiTable open(String uri, SourceBytes files) throws IOException {
        return new KaldiTable(
                uri,
                files.exists(uri)
                        ? new InputStreamReader(files.open(uri), StandardCharsets.UTF_8.newDecoder())
                        : Reader.nullReader());
    }

    String key() {
        return key;
    }

    String value() {
        return value;
    }

    /** Goes to the next line; false behind the last. */
    boolean next() throws IOException, Refusal {
        String line = in.readLine();
        while (line != null && line.isBlank()) {
            line = in.readLine();
        }
        if (line == null) {
            key = null;
            return false;
        }
        String[] fields = line.strip().split("\\s+", 2);
        if (key != null && compare(key, fields[0]) >= 0) {
            throw new Refusal(
                    RejectCode.BAD_ENTRY,
                    SourceBytes.plain(uri) + " is not sorted at '" + fields[0]
                            + "', expected an order of bytes (utils/fix_data_dir.sh sorts)");
        }
        key = fields[0];
        value = fields.length > 1 ? fields[1] : "";
        return true;
    }

    /** The value of a key, which is behind those that were asked for before; null if there is none. */
    String at(String asked) throws IOException, Refusal {
        skipTo(asked);
        boolean found = asked.equals(key);
        isAsked |= found;
        return found ? value : null;
    }

    /** The next key that nobody asked for and that comes before one, or, for null, any; null if there is none. */
    String passed(String before) throws IOException, Refusal {
        if (isAsked) {
            step();
        }
        if (key == null || before != null && compare(key, before) >= 0) {
            return null;
        }
        isAsked = true;
        return key;
    }

    private void skipTo(String asked) throws IOException, Refusal {
        if (isAsked) {
            step();
        }
        while (key != null && compare(key, asked) < 0) {
            step();
        }
    }

    private void step() throws IOException, Refusal {
        isAsked = !next();
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
