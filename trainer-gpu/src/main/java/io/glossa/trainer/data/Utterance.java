package io.glossa.trainer.data;

import io.glossa.storage.OrderHash;
import java.util.Comparator;

/**
 * What the plan needs to know of an utterance.
 *
 * @param id as the lake names it
 * @param frames 10 ms frames of its features; 0: its place is empty, and weighs nothing
 * @param labels symbols from 1; empty where it has no transcript
 * @param copy which one it is of those that a pass holds of this utterance, from 0
 */
public record Utterance(String id, int frames, int[] labels, int copy) implements Comparable<Utterance> {
    private static final Comparator<Utterance> ORDER = Comparator.comparingLong(
                    (Utterance utterance) -> OrderHash.of(utterance.id()))
            .thenComparing(Utterance::id)
            .thenComparingInt(Utterance::copy);

    /** The only one in a pass. */
    public Utterance(String id, int frames, int[] labels) {
        this(id, frames, labels, 0);
    }

    /** The same place, with nothing in it. */
    public Utterance emptied() {
        return new Utterance(id, 0, new int[0], copy);
    }

    /** Whether there is nothing in its place. */
    public boolean isEmpty() {
        return frames == 0;
    }

    /** The same utterance once more in the same pass. */
    public Utterance again(int number) {
        return new Utterance(id, frames, labels, number);
    }

    /**
     * The stream of random numbers that mask and disturb it in an epoch: a function of epoch, id and copy alone, so that
     * neither a rank nor a batch nor the lake that it was read from matters.
     */
    public int stream(int epoch) {
        return (int) (Order.hash(id, epoch, copy) >>> 32);
    }

    /** By hash, id and copy: the order in a cell. */
    @Override
    public int compareTo(Utterance other) {
        return ORDER.compare(this, other);
    }
}
