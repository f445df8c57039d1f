package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** An objective whose model writes text: an encoder with a head on it. */
public sealed interface Recognition extends Objective permits Ctc, Rnnt, Las {
    /** What it writes. */
    SymbolTable symbols();

    /** The parameter whose last axis has an element for each symbol. */
    String outputs();

    /**
     * Declares the program that hears a batch, and all of the model that decoding needs. How text comes of what it gives is the
     * head's business.
     *
     * @param cells utterances times encoder frames of the largest batch there is, where decoding carries something for each
     */
    void traceRecognition(Trace trace, Bucket bucket, int cells);

    /**
     * Compares the symbols with those of trained parameters.
     *
     * @param shapes of a model's tensors, by name
     * @throws GlossaException of type DATA if its output layer is of other symbols
     */
    default void requireSymbolsOf(Map<String, long[]> shapes) {
        long[] head = shapes.getOrDefault(outputs(), new long[] {0, 0});
        if (head[head.length - 1] != symbols().size()) {
            throw GlossaException.data("Cannot recognise: the model's tokenizer, " + symbols() + ", has "
                    + symbols().size() + " symbols with the blank, expected the " + head[head.length - 1] + " of its "
                    + outputs() + " (take the checkpoint as it was written)");
        }
    }
}
