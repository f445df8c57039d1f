package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.Serializable;
import java.util.Optional;

/**
 * A model to start from.
 *
 * @param checkpoint a finished one
 * @param base the checkpoint that is the base of its adapters; null: it has none
 */
public record Pretrained(Folder checkpoint, Folder base) implements Serializable {
    /**
     * Of a checkpoint, or of the last finished one in a folder of them.
     *
     * @throws GlossaException of type USER if there is none, or if the base of its adapters is not there, or one is named and it
     *     has none; of type DATA if the checkpoint named is damaged
     */
    static Pretrained of(Folder path, Optional<Folder> base) {
        Folder checkpoint = Checkpoints.model(path, System.err::println)
                .orElseThrow(() -> GlossaException.user("Cannot start from " + path
                        + ": no finished checkpoint there, expected a checkpoint or a folder of them"));
        Optional<Base> found = Checkpoints.readModel(checkpoint, base).meta().base();
        return new Pretrained(checkpoint, found.map(Base::folder).orElse(null));
    }

    Optional<Folder> place() {
        return Optional.ofNullable(base);
    }
}
