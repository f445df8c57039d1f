package io.glossa.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * That some utterances of a run's data were forgotten: {@value #FILE} in its folder. Such a run cannot go on; one that is trained again
 * without them has the note of those that its plan had no more when it began, and goes on.
 *
 * @param request digests of what was asked for, the last one at the end
 * @param day of the last one, YYYY-MM-DD
 * @param utterances whose places in the plan are empty now
 * @param before of these, those whose places were empty when the run began
 * @param snapshots by the id of each snapshot that the run read, the one that has the same rows but for them
 */
public record ForgottenNote(
        String request, String day, Set<String> utterances, Set<String> before, Map<Long, Long> snapshots) {
    static final String FILE = "forgotten.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    public ForgottenNote {
        utterances = new TreeSet<>(utterances);
        before = new TreeSet<>(before);
        snapshots = Map.copyOf(snapshots);
    }

    /** The note in a run's folder, if it has one. */
    public static Optional<ForgottenNote> in(Folder run) {
        try {
            return run.version(FILE).isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(run.read(FILE), ForgottenNote.class));
        } catch (JsonProcessingException e) {
            throw GlossaException.data("Cannot read " + run.file(FILE) + ": " + e.getOriginalMessage()
                            + ", expected the note of what was forgotten")
                    .causedBy(e);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + run.file(FILE) + ": " + e)
                    .causedBy(e);
        }
    }

    void write(Folder run) {
        try {
            run.write(FILE, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + run.file(FILE) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** With what is forgotten next. */
    ForgottenNote and(ForgottenNote next) {
        Set<String> both = new TreeSet<>(utterances);
        both.addAll(next.utterances);
        Map<Long, Long> all = new HashMap<>(next.snapshots);
        snapshots.forEach((from, to) -> all.put(from, next.snapshots.getOrDefault(to, to)));
        return new ForgottenNote(next.request, next.day, both, before, all);
    }

    /** That of a run that begins with these places empty. */
    ForgottenNote asBeginning() {
        return new ForgottenNote(request, day, utterances, utterances, snapshots);
    }

    /** Whether the run has read something of it, or might have. */
    boolean ends() {
        return !utterances.equals(before);
    }

    /** The snapshot to read in the place of one that the run read. */
    long instead(long snapshot) {
        return snapshots.getOrDefault(snapshot, snapshot);
    }

    /** @throws GlossaException of type USER if the run in this folder cannot go on */
    static void require(String job, Folder run) {
        in(run).filter(ForgottenNote::ends).ifPresent(note -> {
            throw GlossaException.user(
                    "Cannot resume " + job + " in " + run + ": on " + note.day() + " some of its data were"
                            + " forgotten at somebody's request, expected all that it began with (start anew in another folder, or"
                            + " ./glossa lineage forget --replay)");
        });
    }
}
