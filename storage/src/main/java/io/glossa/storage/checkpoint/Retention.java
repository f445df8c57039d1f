package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Which checkpoints of a folder stay. One that goes loses DONE first.
 *
 * @param last how many of the newest, at least one
 * @param every those of steps that are a multiple of this stay too; 0: none
 */
public record Retention(int last, long every) {
    /** Takes earlier checkpoints away, and what is unfinished before the last ones. */
    public void keep(Folder dir) {
        List<Folder> finished = Checkpoints.finished(dir);
        if (finished.size() >= last) {
            long first = Checkpoints.step(finished.get(last - 1));
            Checkpoints.steps(dir).stream()
                    .filter(step -> Checkpoints.step(step) < first)
                    .filter(step -> every == 0 || Checkpoints.step(step) % every != 0 || !finished.contains(step))
                    .forEach(Retention::remove);
        }
    }

    /**
     * Takes away what a crash left half written, and later ones than that from which a training goes on, if there is one: they
     * are damaged, and will be written anew. No one may be writing.
     */
    public static void discard(Folder dir, Optional<Folder> from) {
        List<Folder> finished = Checkpoints.finished(dir);
        long last = from.map(Checkpoints::step).orElse(Long.MAX_VALUE);
        Checkpoints.steps(dir).stream()
                .filter(step -> !finished.contains(step) || Checkpoints.step(step) > last)
                .forEach(Retention::remove);
    }

    private static void remove(Folder step) {
        try {
            CheckpointWriter.remove(step);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot take away checkpoint " + step + ": " + e)
                    .causedBy(e);
        }
    }
}
