package io.glossa.jobs.spark;

import io.glossa.featurize.lake.WriteCounts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The lines of a summary that tell what writing met. */
public final class WriteNotes {
    private WriteNotes() {}

    /** None where nothing was met. */
    public static Map<String, String> of(WriteCounts writes) {
        Map<String, String> notes = new LinkedHashMap<>();
        if (writes.repaired() > 0) {
            notes.put(
                    "repaired",
                    String.format(
                            Locale.ROOT, "%,d doubled rows, which older writers at once had left", writes.repaired()));
        }
        if (writes.retried() > 0) {
            notes.put(
                    "retried",
                    String.format(Locale.ROOT, "%,d commits, as another job's came first", writes.retried()));
        }
        return notes;
    }
}
