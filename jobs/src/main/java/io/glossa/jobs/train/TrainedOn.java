package io.glossa.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model is trained on: {@code data.json} in the run's folder.
 *
 * @param utterances seen in a pass; of MOST those with texts
 * @param texts that nobody spoke
 * @param hours of audio in a pass, without that of pseudo-labels
 * @param pseudoHours of audio with pseudo-labels in a pass
 * @param untranscribedHours of audio that is heard without its texts, beside that with them
 * @param unknownShare of the symbols of human texts, those that stand for what the tokenizer has none for
 * @param rejects how many cannot be used, by reason
 */
record TrainedOn(
        long utterances,
        long texts,
        double hours,
        double pseudoHours,
        double untranscribedHours,
        double unknownShare,
        Map<String, Long> rejects) {
    static final TrainedOn NOTHING = new TrainedOn(0, 0, 0, 0, 0, 0, Map.of());

    static final String FILE = "data.json";
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** Of both; the share of unknown symbols is that of whichever has texts. */
    TrainedOn and(TrainedOn other) {
        Map<String, Long> both = new TreeMap<>(rejects);
        other.rejects.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return new TrainedOn(
                utterances + other.utterances,
                texts + other.texts,
                hours + other.hours,
                pseudoHours + other.pseudoHours,
                untranscribedHours + other.untranscribedHours,
                Math.max(unknownShare, other.unknownShare),
                both);
    }

    /** The same, where its utterances are texts that nobody spoke. */
    TrainedOn asTexts() {
        return new TrainedOn(0, utterances, 0, 0, 0, 0, rejects);
    }

    /** The same, where its utterances are heard without their texts, beside others. */
    TrainedOn asUntranscribed() {
        return new TrainedOn(0, 0, 0, 0, hours, 0, rejects);
    }

    /** What a checkpoint tells of it. */
    Map<String, String> lineage() {
        return Map.of(
                "glossa.hours", Double.toString(hours),
                "glossa.pseudo-hours", Double.toString(pseudoHours),
                "glossa.untranscribed-hours", Double.toString(untranscribedHours));
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
