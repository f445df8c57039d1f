package io.glossa.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code metrics.jsonl} in a run's folder: a line every {@value #EVERY} steps, at the end of a pass and at the last step. */
public final class MetricsFile implements StepListener {
    private static final int EVERY = 10;
    static final String FILE = "metrics.jsonl";
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

    /** So many times as long as it took to write the file it is not written again: not every file system can append. */
    private static final int REST = 100;

    private final Folder folder;
    private final StringBuilder text;
    private final long start = System.nanoTime();
    private final double secondsBefore;
    private final double waitedBefore;
    private int epoch;
    private long rested = start;

    private MetricsFile(Folder folder, StringBuilder text, double secondsBefore, double waitedBefore, int epoch) {
        this.folder = folder;
        this.text = text;
        this.secondsBefore = secondsBefore;
        this.waitedBefore = waitedBefore;
        this.epoch = epoch;
    }

    /** Goes on with the file after a step; what an interrupted run wrote of later ones is taken away. */
    static MetricsFile after(long step, Folder folder) {
        List<MetricsLine> kept = new ArrayList<>(read(folder));
        kept.removeIf(line -> line.step() > step);
        StringBuilder text = new StringBuilder();
        kept.forEach(line -> text.append(print(line)));
        Optional<MetricsLine> last = kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
        MetricsFile file = new MetricsFile(
                folder,
                text,
                last.map(MetricsLine::seconds).orElse(0.0),
                last.map(MetricsLine::waitedSeconds).orElse(0.0),
                last.map(MetricsLine::epoch).orElse(0));
        file.write();
        return file;
    }

    /** The lines of a run; a torn last line is passed over. */
    public static List<MetricsLine> read(Folder folder) {
        List<MetricsLine> lines = new ArrayList<>();
        try {
            if (folder.version(FILE).isPresent()) {
                String text = new String(folder.read(FILE), StandardCharsets.UTF_8);
                text.lines().forEach(line -> parse(line).ifPresent(lines::add));
            }
            return lines;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + folder.file(FILE) + ": " + e)
                    .causedBy(e);
        }
    }

    private static String print(MetricsLine line) {
        try {
            return JSON.writeValueAsString(line) + "\n";
        } catch (JsonProcessingException e) {
            throw GlossaException.internal("Cannot write metrics as JSON: " + e.getMessage())
                    .causedBy(e);
        }
    }

    static Optional<MetricsLine> parse(String line) {
        try {
            return line.isBlank() ? Optional.empty() : Optional.of(JSON.readValue(line, MetricsLine.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void onStep(StepReport report) {
        boolean ends = report.epoch() != epoch || report.step() == report.totalSteps();
        epoch = report.epoch();
        if (!ends && report.step() % EVERY != 0) {
            return;
        }
        text.append(print(MetricsLine.of(report, secondsBefore + (System.nanoTime() - start) * 1e-9, waitedBefore)));
        if (report.step() == report.totalSteps() || System.nanoTime() - rested >= 0) {
            write();
        }
    }

    /** Who goes on from the checkpoint finds what led to it. */
    @Override
    public void onCheckpoint() {
        write();
    }

    private void write() {
        long began = System.nanoTime();
        try {
            folder.write(FILE, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + folder.file(FILE) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
        long ended = System.nanoTime();
        rested = ended + REST * (ended - began);
    }
}
