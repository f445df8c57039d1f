package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.util.stream.IntStream;

/** One of several processes that train one model together. */
public record Rank(int index, int count) {
    /** The rank of a process that trains alone. */
    public static final Rank ONLY = new Rank(0, 1);

    /** The parts of a step that this one does, of so many: as many as others, or one less. */
    public IntStream parts(int all) {
        return IntStream.iterate(index, part -> part < all, part -> part + count);
    }

    /** As above, where all ranks must do as many: who has one less does a part that is none. */
    public IntStream turns(int all) {
        return parts((all + count - 1) / count * count);
    }

    public Rank {
        if (index < 0 || index >= count) {
            throw GlossaException.internal(
                    "Cannot be rank " + index + " of " + count + ", expected 0 to " + (count - 1));
        }
    }
}
