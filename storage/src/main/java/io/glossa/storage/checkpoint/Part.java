package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which part of a checkpoint a rank writes.
 *
 * @param index of the rank, from 0; the first also writes what is there once
 * @param count of the ranks; with one, names of files say nothing of it
 * @param attempt the same for all ranks that started together, and for no others; a word
 */
public record Part(int index, int count, String attempt) {
    static final String META = "checkpoint.json";
    static final String INDEX = "model.safetensors.index.json";

    /** All of it. */
    public static final Part WHOLE = new Part(0, 1, "alone");

    public Part {
        if (index < 0 || index >= count || !attempt.matches("\\S+")) {
            throw GlossaException.internal("Cannot write part " + index + " of " + count + " of attempt '" + attempt
                    + "', expected one of them, and a word");
        }
    }

    String model() {
        return count == 1 ? "model.safetensors" : "model" + suffix() + ".safetensors";
    }

    String optimizer() {
        return count == 1 ? "optimizer.safetensors" : "optimizer" + suffix() + ".safetensors";
    }

    String done() {
        return count == 1 ? "DONE" : "DONE" + suffix();
    }

    /** The files that it writes before DONE. */
    List<String> files() {
        List<String> files = new ArrayList<>(once());
        files.add(model());
        files.add(optimizer());
        return files;
    }

    /** Those of them that are not tensors. */
    List<String> once() {
        if (index > 0) {
            return List.of();
        }
        return count == 1 ? List.of(META) : List.of(META, INDEX);
    }

    private String suffix() {
        return String.format(Locale.ROOT, "-%05d-of-%05d", index + 1, count);
    }
}
