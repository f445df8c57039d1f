package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import io.glossa.storage.LengthClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of buckets, shortest first: an utterance goes to the first that holds it. */
public record Buckets(List<Bucket> table) {
    /** Frames of the usual buckets, up to 32 s; features of one lie together in the lake. */
    public static final List<Integer> USUAL = LengthClass.FRAMES;

    public Buckets {
        table = List.copyOf(table);
    }

    /**
     * Buckets of these frames, each with as many utterances as the budget has room for, and at least one.
     *
     * @param frames ascending
     * @param seconds of audio in a batch, padding included
     */
    public static Buckets of(List<Integer> frames, double seconds) {
        List<Bucket> table = new ArrayList<>();
        for (int extent : frames) {
            if (!table.isEmpty() && extent <= table.get(table.size() - 1).frames()) {
                throw GlossaException.user("Cannot use buckets of " + frames + " frames: expected them ascending");
            }
            table.add(new Bucket(Math.max(1, (int) (seconds * Bucket.FRAMES_PER_SECOND / extent)), extent));
        }
        if (table.isEmpty()) {
            throw GlossaException.user("Cannot plan batches: found no buckets, expected at least one");
        }
        return new Buckets(table);
    }

    /** The bucket for an utterance of so many frames; empty where it is too long. */
    public Optional<Bucket> fitting(int frames) {
        return table.stream().filter(bucket -> frames <= bucket.frames()).findFirst();
    }

    /** The frames of each, ascending. */
    public List<Integer> frames() {
        return table.stream().map(Bucket::frames).toList();
    }

    /** The number of the bucket for an utterance of so many frames, which one holds. */
    public int number(int frames) {
        return table.indexOf(fitting(frames).orElseThrow());
    }

    /** The most frames that any bucket holds. */
    public int longest() {
        return table.get(table.size() - 1).frames();
    }
}
