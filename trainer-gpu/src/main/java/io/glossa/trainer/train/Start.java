package io.glossa.trainer.train;

import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.Optional;

/** What training starts from. */
public sealed interface Start {
    /** Random weights; the front end's statistics from the data. */
    record Fresh() implements Start {}

    /**
     * The encoder and front end of another model, and its adapters if it has some; random heads.
     *
     * @param folder where the model is, as checkpoints of adapters on this encoder, as it is, name it; empty: they are written
     *     with it
     */
    record Transfer(Checkpoint pretrained, Optional<Folder> folder) implements Start {
        public Transfer(Checkpoint pretrained) {
            this(pretrained, Optional.empty());
        }

        /** What adapters on this encoder are of: digested here, so only where there are some. */
        Optional<Base> base() {
            return folder.map(model -> pretrained.meta().base().orElseGet(() -> Base.of(model)));
        }
    }

    /** The very next step of an interrupted training. */
    record Resume(Checkpoint checkpoint) implements Start {}

    /** As below, where bases are where they were. */
    static Start of(Optional<Folder> latest, Optional<Folder> pretrained) {
        return of(latest, pretrained, Optional.empty());
    }

    /**
     * Goes on from a checkpoint of the same training if there is one, else starts from a model, else from nothing.
     *
     * @param pretrained checkpoint of the model to start from
     * @param base where the base of that model is, if it is one of adapters and its base is elsewhere than it was
     */
    static Start of(Optional<Folder> latest, Optional<Folder> pretrained, Optional<Folder> base) {
        if (latest.isPresent()) {
            Optional<Folder> itself =
                    pretrained.filter(model -> Checkpoints.meta(model).base().isEmpty());
            boolean whole = Checkpoints.meta(latest.get()).base().isEmpty();
            return new Resume(Checkpoints.read(latest.get(), whole ? Optional.empty() : base.or(() -> itself)));
        }
        return pretrained
                .<Start>map(model -> new Transfer(Checkpoints.readModel(model, base), Optional.of(model)))
                .orElseGet(Fresh::new);
    }
}
