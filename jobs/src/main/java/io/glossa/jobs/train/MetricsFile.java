package io.glossa.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code metrics.jsonl} in a run's folder: a line every {@value #EVERY} steps, at the end of a pass and at the last step. */
public final class MetricsFile implements StepListener {
    private static final int EVERY = 10;
    private static final String FILE = "metrics.jsonl";
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

    private final Path file;
    private final long start = System.nanoTime();
    private final double secondsBefore;
    private int epoch;

    private MetricsFile(Path file, double secondsBefore, int epoch) {
        this.file = file;
        this.secondsBefore = secondsBefore;
        this.epoch = epoch;
    }

    /** Goes on with the file after a step; what an interrupted run wrote of later ones is taken away. */
    static MetricsFile after(long step, Path folder) {
        Path file = file(folder);
        try {
            Files.createDirectories(folder);
            List<MetricsLine> kept = new ArrayList<>(read(folder));
            kept.removeIf(line -> line.step() > step);
            StringBuilder text = new StringBuilder();
            for (MetricsLine line : kept) {
                text.append(JSON.writeValueAsString(line)).append('\n');
            }
            Path part = Files.writeString(folder.resolve(FILE + ".part"), text);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Optional<MetricsLine> last = kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
            return new MetricsFile(
                    file,
                    last.map(MetricsLine::seconds).orElse(0.0),
                    last.map(MetricsLine::epoch).orElse(0));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** The lines of a run; a torn last line is passed over. */
    public static List<MetricsLine> read(Path folder) {
        Path file = file(folder);
        List<MetricsLine> lines = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                for (String line :
                        Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
                    parse(line).ifPresent(lines::add);
                }
            } catch (IOException e) {
                throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
            }
        }
        return lines;
    }

    static Path file(Path folder) {
        return folder.resolve(FILE);
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
        double seconds = secondsBefore + (System.nanoTime() - start) * 1e-9;
        try {
            Files.writeString(
                    file,
                    JSON.writeValueAsString(MetricsLine.of(report, seconds)) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static GlossaException unwritable(Path file, IOException e) {
        return GlossaException.resource("Cannot write " + file + ": " + e + ", expected a writable folder")
                .causedBy(e);
    }
}
