package io.glossa.jobs.evaluate;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The last evaluation of a checkpoint, in its directory: {@code hypotheses.jsonl}, then {@code evaluation.json}, which is
 * written last and says that the two are whole and belong together.
 */
public final class EvaluationFiles {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private static final String RATES = "evaluation.json";
    private static final String HYPOTHESES = "hypotheses.jsonl";

    private final Folder checkpoint;

    /** @param checkpoint the checkpoint's directory */
    public EvaluationFiles(Folder checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** The evaluation that is there; empty if there is none. */
    public Optional<Evaluation> read() {
        try {
            return checkpoint.version(RATES).isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(checkpoint.read(RATES), Evaluation.class));
        } catch (IOException e) {
            throw unreadable(RATES, e);
        }
    }

    /** All utterances of the evaluation, in the order of their ids. */
    public List<Heard> utterances() {
        try (MappingIterator<Heard> lines = JSON.readerFor(Heard.class).readValues(checkpoint.open(HYPOTHESES))) {
            return lines.readAll();
        } catch (IOException e) {
            throw unreadable(HYPOTHESES, e);
        }
    }

    /** Replaces what was there. */
    public void write(Evaluation evaluation, List<Heard> heard) {
        try {
            checkpoint.delete(RATES);
            StringBuilder lines = new StringBuilder();
            for (Heard one : heard) {
                lines.append(JSON.writeValueAsString(one)).append('\n');
            }
            publish(HYPOTHESES, lines.toString());
            ObjectWriter pretty = JSON.writerWithDefaultPrettyPrinter();
            publish(RATES, pretty.writeValueAsString(evaluation) + "\n");
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + checkpoint.file(RATES) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    private void publish(String name, String text) throws IOException {
        checkpoint.write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private GlossaException unreadable(String name, IOException e) {
        return GlossaException.data("Cannot read " + checkpoint.file(name) + ": " + e.getMessage()
                        + ", expected what an evaluation wrote (delete it)")
                .causedBy(e);
    }
}
