package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Done.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole model that a checkpoint of adapters belongs to, which lacks what they have in common: the front end and the encoder.
 *
 * @param digest names the model: {@link Checkpoints#digest}
 * @param folder where its checkpoint was
 */
public record Base(String digest, Folder folder) {
    /** In the metadata of safetensors, so that equal adapters of other models are other files. */
    static final String KEY = "base";

    /** A checkpoint as the base of others. */
    public static Base of(Folder checkpoint) {
        return new Base(Checkpoints.digest(checkpoint), checkpoint);
    }

    /** Whether a tensor is the base's, and in no checkpoint of adapters. */
    public static boolean has(String name) {
        return name.startsWith("encoder.") || name.startsWith("frontend.");
    }

    /** Those of a model's tensors that are not the base's. */
    public static <T> Map<String, T> others(Map<String, T> model) {
        Map<String, T> others = new LinkedHashMap<>(model);
        others.keySet().removeIf(Base::has);
        return others;
    }

    /**
     * The same at the checkpoint where it is now.
     *
     * @param adapters the checkpoint that is read
     * @param elsewhere where the base, or a folder of checkpoints whose last one it is, is now; empty: where it was
     * @throws GlossaException of type USER that names both digests if another model is there, or says where nothing is
     */
    Base found(Folder adapters, Optional<Folder> elsewhere) {
        Folder place = elsewhere.orElse(folder);
        List<String> passedOver = new ArrayList<>();
        Folder found = Checkpoints.model(place, line -> passedOver.add("; " + line))
                .orElseThrow(() -> refusal(adapters, "no checkpoint is in " + place, passedOver));
        String other = Checkpoints.digest(found);
        if (!other.equals(digest)) {
            throw refusal(adapters, found + " is model " + other, passedOver);
        }
        return new Base(digest, found);
    }

    /** Its own tensors, of the checkpoint that was found. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>(
                Checkpoints.read(folder, Scope.MODEL, Optional.empty()).model());
        tensors.keySet().removeIf(name -> !has(name));
        return tensors;
    }

    private GlossaException refusal(Folder adapters, String found, List<String> passedOver) {
        return GlossaException.user("Cannot read the adapters " + adapters + ": " + found
                + String.join("", passedOver) + ", expected model " + digest
                + ", which they are of (it was " + folder + "; --base DIR names another place)");
    }
}
