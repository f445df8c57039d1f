package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.util.List;

/** Which checkpoints of a folder stay. What goes loses DONE first. */
public final class Retention {
    private Retention() {}

    /**
     * Keeps the last finished checkpoints and takes earlier ones away, and what is unfinished before them.
     *
     * @param last how many, at least one
     * @param every those of steps that are a multiple of this are kept too; 0: none
     */
    public static void keep(Folder dir, int last, long every) {
        List<Folder> finished = Checkpoints.finished(dir);
        if (finished.size() >= last) {
            long first = Checkpoints.step(finished.get(last - 1));
            for (Folder step : Checkpoints.steps(dir)) {
                long at = Checkpoints.step(step);
                boolean kept = every > 0 && at % every == 0 && finished.contains(step);
                if (at < first && !kept) {
                    remove(step);
                }
            }
        }
    }

    /** Takes away what is of later steps: what a crash left half written, and what was damaged, before it is written again. */
    public static void discardAfter(Folder dir, long step) {
        Checkpoints.steps(dir).stream()
                .filter(later -> Checkpoints.step(later) > step)
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
