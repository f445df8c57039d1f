package io.glossa.trainer.train;

import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.Optional;

/** What training starts from. */
public sealed interface Start {
    /** Random weights; the front end's statistics from the data. */
    record Fresh() implements Start {}

    /** The encoder and front end of another model; random heads. */
    record Transfer(Checkpoint pretrained) implements Start {}

    /** The very next step of an interrupted training. */
    record Resume(Checkpoint checkpoint) implements Start {}

    /** Goes on from a checkpoint of the same training if there is one, else starts from a model, else from nothing. */
    static Start of(Optional<Folder> latest, Optional<Folder> pretrained) {
        if (latest.isPresent()) {
            return new Resume(Checkpoints.read(latest.get()));
        }
        return pretrained
                .<Start>map(model -> new Transfer(Checkpoints.readModel(model)))
                .orElseGet(Fresh::new);
    }
}
