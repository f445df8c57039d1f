package io.glossa.jobs.evaluate;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The last evaluation of a checkpoint, in its directory: {@code hypotheses.jsonl}, then {@code evaluation.json}, which is
 * written last and says that the two are whole and belong together.
 */
public final class EvaluationFiles {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private final Path rates;
    private final Path hypotheses;

    /** @param checkpoint the checkpoint's directory */
    public EvaluationFiles(Path checkpoint) {
        rates = checkpoint.resolve("evaluation.json");
        hypotheses = checkpoint.resolve("hypotheses.jsonl");
    }

    /** The evaluation that is there; empty if there is none. */
    public Optional<Evaluation> read() {
        if (!Files.exists(rates)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(rates), Evaluation.class));
        } catch (IOException e) {
            throw unreadable(rates, e);
        }
    }

    /** All utterances of the evaluation, in the order of their ids. */
    public List<Heard> utterances() {
        try (MappingIterator<Heard> lines = JSON.readerFor(Heard.class).readValues(hypotheses.toFile())) {
            return lines.readAll();
        } catch (IOException e) {
            throw unreadable(hypotheses, e);
        }
    }

    /** Replaces what was there. */
    public void write(Evaluation evaluation, List<Heard> heard) {
        try {
            Files.deleteIfExists(rates);
            StringBuilder lines = new StringBuilder();
            for (Heard one : heard) {
                lines.append(JSON.writeValueAsString(one)).append('\n');
            }
            publish(hypotheses, lines.toString());
            ObjectWriter pretty = JSON.writerWithDefaultPrettyPrinter();
            publish(rates, pretty.writeValueAsString(evaluation) + "\n");
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + rates + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    private static void publish(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, text.getBytes(StandardCharsets.UTF_8));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static GlossaException unreadable(Path file, IOException e) {
        return GlossaException.data("Cannot read " + file + ": " + e.getMessage()
                        + ", expected what an evaluation wrote (delete it)")
                .causedBy(e);
    }
}
