package io.glossa.trainer.text;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import java.util.Base64;
import java.util.Map;

/** Tokenizers as checkpoints keep them. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The one that a checkpoint's settings hold, among others.
     *
     * @throws GlossaException of type DATA if it is damaged, or another than they name
     */
    public static Tokenizer of(Map<String, String> config) {
        String file = config.get(SentencePiece.KEY);
        if (file == null) {
            return Graphemes.ofText(config.getOrDefault(Graphemes.KEY, ""));
        }
        byte[] held = bytes(file);
        String named = config.get(SentencePiece.DIGEST);
        if (!Sha256.of(held).equals(named)) {
            throw GlossaException.data("Cannot use the model's tokenizer: it is " + Sha256.of(held)
                    + ", expected the one that the model names, " + named + " (take the checkpoint as it was written)");
        }
        return SentencePiece.of(held);
    }

    private static byte[] bytes(String file) {
        try {
            return Base64.getDecoder().decode(file);
        } catch (IllegalArgumentException e) {
            throw GlossaException.data("Cannot use the model's tokenizer: '" + SentencePiece.KEY + "' is damaged, "
                            + e.getMessage() + ", expected Base64 (take the checkpoint as it was written)")
                    .causedBy(e);
        }
    }
}
