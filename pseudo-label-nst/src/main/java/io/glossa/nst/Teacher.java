package io.glossa.nst;

import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.train.TrainConfig;
import java.io.Serializable;
import java.util.Optional;

/**
 * A finished checkpoint of a recogniser.
 *
 * @param folder the checkpoint's directory; tasks read it under this same path, wherever they run
 * @param base the checkpoint that is the base of its adapters; null: it has none
 * @param digest names the model: {@link Checkpoints#digest}
 * @param mels log-mel bins of the frames that it hears
 * @param frontEnd which front end's features it hears
 * @param device what it runs on: one of {@link DeviceRequest#NAMES}
 */
public record Teacher(Folder folder, Folder base, String digest, int mels, FrontEndChoice frontEnd, String device)
        implements Serializable {
    /** @throws GlossaException of type USER if there is no device of this name */
    public Teacher {
        DeviceRequest.of(device);
    }

    /** As below, of a whole model, or of adapters whose base is where it was. */
    public static Teacher of(Folder path) {
        return of(path, Optional.empty());
    }

    /**
     * Looks at a checkpoint, or at the last finished one in a folder of them. It runs on the processor.
     *
     * @param base where the base of its adapters is, if it has some, and that is elsewhere than it was
     * @throws GlossaException of type USER if there is none, or none of a recogniser, or if its base is not there, or one is
     *     named and it has no adapters; of type DATA if it is damaged
     */
    public static Teacher of(Folder path, Optional<Folder> base) {
        Folder step = Checkpoints.model(path, System.err::println)
                .orElseThrow(() -> GlossaException.user("Cannot recognise with " + path
                        + ": no finished checkpoint there, expected a checkpoint or a folder of them"));
        CheckpointMeta meta = Checkpoints.meta(step);
        if (Head.ofModel(meta.kind()).isEmpty()) {
            throw GlossaException.user("Cannot recognise with " + step + ": a checkpoint of kind '" + meta.kind()
                    + "', expected one of " + String.join(", ", Head.kinds()) + " (fine-tune it first)");
        }
        Optional<Base> found = Checkpoints.readModel(step, base).meta().base();
        Folder place = found.map(Base::folder).orElse(null);
        int mels = ModelConfig.ofCheckpoint(meta.config()).mels();
        return new Teacher(step, place, Checkpoints.digest(step), mels, FrontEndChoice.of(meta), "cpu");
    }

    /** The same on another device. */
    public Teacher on(String other) {
        return new Teacher(folder, base, digest, mels, frontEnd, other);
    }

    /**
     * The same where a person names a front end.
     *
     * @param asked first digits of its digest; empty: none is named
     * @throws GlossaException of type USER if the model was trained on the features of another
     */
    public Teacher hearing(String asked) {
        return new Teacher(folder, base, digest, mels, frontEnd.asking(asked), device);
    }

    boolean isOnGpu() {
        return DeviceRequest.of(device).isGpu();
    }

    /** The most frames that it recognises at once. */
    static int longestFrames() {
        return TrainConfig.DEFAULTS.bucketTable().longest();
    }

    /** The length of so many 10 ms frames. */
    static double seconds(long frames) {
        return frames / Bucket.FRAMES_PER_SECOND;
    }
}
