package io.glossa.trainer.train;

import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.util.Optional;

/** What training starts from. */
public sealed interface Start {
    /** Random weights; the front end's statistics from the data. */
    record Fresh() implements Start {}

    /** The encoder and front end of another model; random heads. */
    record Transfer(Checkpoint pretrained) implements Start {}

    /** The very next step of an interrupted training. */
    record Resume(Checkpoint checkpoint) implements Start {}

    /** Goes on from the last whole checkpoint in a folder if there is one, else starts from a model, else from nothing. */
    static Start in(Path folder, Optional<Checkpoint> pretrained) {
        Optional<Path> latest = Checkpoints.latest(folder);
        if (latest.isPresent()) {
            return new Resume(Checkpoints.read(latest.get()));
        }
        return pretrained.<Start>map(Transfer::new).orElseGet(Fresh::new);
    }
}
