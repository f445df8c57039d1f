package io.glossa.trainer.text;

import io.glossa.error.GlossaException;
import java.util.Base64;
import java.util.Map;

/** Tokenizers as checkpoints keep them. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The one that a checkpoint's settings hold, among others.
     *
     * @throws GlossaException of type DATA if it is another than they name
     */
    public static Tokenizer of(Map<String, String> config) {
        String file = config.get(SentencePiece.KEY);
        if (file == null) {
            return Graphemes.ofText(config.getOrDefault(Graphemes.KEY, ""));
        }
        SentencePiece held = SentencePiece.of(Base64.getDecoder().decode(file));
        String named = config.get(SentencePiece.DIGEST);
        if (!held.digest().equals(named)) {
            throw GlossaException.data("Cannot use the model's tokenizer: it is " + held.digest()
                    + ", expected the one that the model names, " + named + " (take the checkpoint as it was written)");
        }
        return held;
    }
}
