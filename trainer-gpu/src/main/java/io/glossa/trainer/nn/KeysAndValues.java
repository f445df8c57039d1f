package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import java.util.function.UnaryOperator;

/**
 * What attention takes of the places that it sees, [B, places, d] each.
 *
 * @param keys by which they are found
 * @param values what is found
 */
public record KeysAndValues(Tensor keys, Tensor values) {
    /** The same done to both. */
    public KeysAndValues each(UnaryOperator<Tensor> change) {
        return new KeysAndValues(change.apply(keys), change.apply(values));
    }
}
