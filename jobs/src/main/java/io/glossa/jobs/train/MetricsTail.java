package io.glossa.jobs.train;

import io.glossa.jobs.cli.Progress;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Shows how far a rank has come by what it writes into {@code metrics.jsonl}, wherever it runs. */
final class MetricsTail implements AutoCloseable {
    private static final long POLL_MILLIS = 200;
    private static final long POLL_FAR_MILLIS = 2000;
    private static final int WINDOW = 1 << 16;

    private final Folder folder;
    private final Progress progress;
    private final Thread thread = new Thread(this::watch, "glossa-progress");
    private volatile boolean closed;

    private MetricsTail(Folder folder, String job) {
        this.folder = folder;
        progress = Progress.of(job);
    }

    /** Watches until it is closed. */
    static MetricsTail of(Folder folder, String job) {
        MetricsTail tail = new MetricsTail(folder, job);
        tail.thread.setDaemon(true);
        tail.thread.start();
        return tail;
    }

    private void watch() {
        Optional<Folder.Version> shown = Optional.empty();
        while (!closed) {
            try {
                Thread.sleep(folder.local().isPresent() ? POLL_MILLIS : POLL_FAR_MILLIS);
                Optional<Folder.Version> now = folder.version(MetricsFile.FILE);
                if (now.isPresent() && !now.equals(shown)) {
                    last(now.get().bytes()).ifPresent(this::show);
                    shown = now;
                }
            } catch (IOException e) {
                if (!closed) {
                    LoggerFactory.getLogger(MetricsTail.class)
                            .warn("Cannot follow {}", folder.file(MetricsFile.FILE), e);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The last whole line, which fits into the window. */
    private Optional<MetricsLine> last(long size) throws IOException {
        int bytes = (int) Math.min(WINDOW, size);
        String text = StandardCharsets.UTF_8
                .decode(folder.range(MetricsFile.FILE, size - bytes, bytes))
                .toString();
        int stop = text.lastIndexOf('\n');
        int start = text.lastIndexOf('\n', stop - 1) + 1;
        return stop < 0 ? Optional.empty() : MetricsFile.parse(text.substring(start, stop));
    }

    private void show(MetricsLine line) {
        progress.update(
                line.step(),
                line.totalSteps(),
                "steps",
                String.format(Locale.ROOT, "loss %.3f, %,.0f audio h/h", line.loss(), line.audioHoursPerHour()));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.close();
    }
}
