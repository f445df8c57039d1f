package io.glossa.jobs.heartbeat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A failure that a training went on after, a line of {@code failures.jsonl} in its folder.
 *
 * @param time when it was noticed, ISO 8601, UTC
 * @param cause the first one
 * @param noticedSeconds from the last heartbeat of the rank that was lost until then; 0 if it told by itself
 * @param againSeconds from then to the first new step
 * @param repeatedSteps that had been done before it, and were done again
 * @param step from whose checkpoint training went on
 * @param ranks that went on
 */
public record Recovery(
        String time,
        String cause,
        double noticedSeconds,
        double againSeconds,
        long repeatedSteps,
        long step,
        int ranks) {
    static final String FILE = "failures.jsonl";

    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

    /** Adds it to those of a run. */
    public void append(Folder run) {
        try {
            byte[] before = run.version(FILE).isPresent() ? run.read(FILE) : new byte[0];
            String all = new String(before, StandardCharsets.UTF_8) + JSON.writeValueAsString(this) + "\n";
            run.write(FILE, all.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + run.file(FILE) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** Those of a run, the first one first. */
    public static List<Recovery> read(Folder run) {
        List<Recovery> all = new ArrayList<>();
        try {
            if (run.version(FILE).isPresent()) {
                for (String line : new String(run.read(FILE), StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
                    all.add(JSON.readValue(line, Recovery.class));
                }
            }
            return all;
        } catch (JsonProcessingException e) {
            throw GlossaException.data("Cannot read " + run.file(FILE) + ": " + e.getOriginalMessage()
                            + ", expected a line of JSON per failure")
                    .causedBy(e);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + run.file(FILE) + ": " + e)
                    .causedBy(e);
        }
    }
}
