package io.glossa.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.train.Admission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a model is trained on: {@code data.json} in the run's folder.
 *
 * @param utterances seen in a pass
 * @param hours of audio in a pass, without that of pseudo-labels
 * @param pseudoHours of audio with pseudo-labels in a pass
 * @param rejects what cannot be used
 */
record TrainedOn(long utterances, double hours, double pseudoHours, List<TrainReject> rejects) {
    private static final double FRAMES_PER_HOUR = 360_000;
    private static final String FILE = "data.json";
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** What admission left of a source, and the rejects that were found before. */
    static TrainedOn of(TrainSource source, Admission admission, Buckets buckets, List<TrainReject> before) {
        Set<Integer> used = new HashSet<>();
        long[] frames = new long[2];
        for (int index : admission.indices()) {
            used.add(index);
            frames[source.pseudo(index) ? 1 : 0] += source.utterance(index).frames();
        }
        Map<String, TrainReject> refused = new TreeMap<>();
        for (int i = 0; i < source.size(); i++) {
            if (!used.contains(i)) {
                refused.put(source.utterance(i).id(), TrainReject.of(source.utterance(i), buckets));
            }
        }
        // One that is there for its pseudo-label may lack a person's text.
        used.forEach(index -> refused.remove(source.utterance(index).id()));
        List<TrainReject> rejects = new ArrayList<>(before);
        rejects.addAll(refused.values());
        return new TrainedOn(used.size(), frames[0] / FRAMES_PER_HOUR, frames[1] / FRAMES_PER_HOUR, rejects);
    }

    /** What a checkpoint tells of it. */
    Map<String, String> lineage() {
        return Map.of("glossa.hours", Double.toString(hours), "glossa.pseudo-hours", Double.toString(pseudoHours));
    }

    /** Rejects by code. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        rejects.forEach(reject -> counts.merge(reject.code(), 1L, Long::sum));
        return counts;
    }

    /** Writes the file whole or not at all. */
    void write(Folder folder) {
        try {
            folder.write(FILE, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + folder.file(FILE) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    static TrainedOn read(Folder folder) {
        try {
            return JSON.readValue(folder.read(FILE), TrainedOn.class);
        } catch (IOException e) {
            throw GlossaException.data(
                            "Cannot read " + folder.file(FILE) + ": " + e + ", expected what the run wrote there")
                    .causedBy(e);
        }
    }
}
