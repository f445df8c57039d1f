package io.glossa.jobs.train;

import io.glossa.jobs.cli.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Shows how far a rank has come by what it appends to {@code metrics.jsonl}, wherever it runs. */
final class MetricsTail implements AutoCloseable {
    private static final long POLL_MILLIS = 200;
    private static final int WINDOW = 1 << 16;

    private final Path file;
    private final Progress progress;
    private final Thread thread = new Thread(this::watch, "glossa-progress");
    private volatile boolean closed;

    private MetricsTail(Path folder, String job) {
        file = MetricsFile.file(folder);
        progress = Progress.of(job);
    }

    /** Watches until it is closed. */
    static MetricsTail of(Path folder, String job) {
        MetricsTail tail = new MetricsTail(folder, job);
        tail.thread.setDaemon(true);
        tail.thread.start();
        return tail;
    }

    private void watch() {
        long shown = -1;
        while (!closed) {
            try {
                Thread.sleep(POLL_MILLIS);
                long size = Files.exists(file) ? Files.size(file) : 0;
                if (size > 0 && size != shown) {
                    last(size).ifPresent(this::show);
                    shown = size;
                }
            } catch (IOException e) {
                if (!closed) {
                    LoggerFactory.getLogger(MetricsTail.class).warn("Cannot follow {}", file, e);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The last whole line, which fits into the window. */
    private Optional<MetricsLine> last(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(WINDOW, size));
            channel.read(end, size - end.capacity());
            String text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
            int stop = text.lastIndexOf('\n');
            int start = text.lastIndexOf('\n', stop - 1) + 1;
            return stop < 0 ? Optional.empty() : MetricsFile.parse(text.substring(start, stop));
        }
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
