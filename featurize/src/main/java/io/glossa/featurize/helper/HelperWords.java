package io.glossa.featurize.helper;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** What a helper writes to its standard error: read, so that it never waits, and kept as far as it may say how it ended. */
final class HelperWords {
    private static final int KEPT = 8192;

    /** To read what is in the pipe. */
    private static final long MOST_MS = 10_000;

    private final StringBuilder words = new StringBuilder();
    private final Thread thread;

    HelperWords(InputStream from) {
        thread = new Thread(() -> read(from), "decoder-words");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(InputStream from) {
        char[] block = new char[KEPT];
        try (Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
            for (int count = reader.read(block); count >= 0; count = reader.read(block)) {
                add(block, count);
            }
        } catch (IOException e) {
            // The helper is gone.
        }
    }

    private synchronized void add(char[] block, int count) {
        words.append(block, 0, Math.min(count, KEPT - words.length()));
    }

    /** Forgets what was said so far. */
    synchronized void clear() {
        words.setLength(0);
    }

    /** The beginning of what was said, of a helper that has ended. */
    String last() {
        try {
            thread.join(MOST_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            return words.toString();
        }
    }
}
