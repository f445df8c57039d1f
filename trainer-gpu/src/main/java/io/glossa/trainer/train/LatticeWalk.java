package io.glossa.trainer.train;

import io.glossa.trainer.objective.SymbolTable;

/** The most probable way of one utterance through a transducer's lattice, as far as it is known. */
final class LatticeWalk {
    /** Labels of one frame at most: real speech has a few, but a model may name the same one for ever. */
    static final int MOST_LABELS = 10;

    private final SymbolPath path = new SymbolPath();
    private final int frames;
    private int frame;
    private int ofFrame;
    private int last = SymbolTable.BLANK;
    private int before = SymbolTable.BLANK;

    /** @param frames of the encoder */
    LatticeWalk(int frames) {
        this.frames = frames;
    }

    boolean isDone() {
        return frame >= frames;
    }

    /** The frame where it goes on. */
    int frame() {
        return frame;
    }

    /** The last label; blank where there is none. */
    int last() {
        return last;
    }

    /** The label before that. */
    int before() {
        return before;
    }

    /** What was found. */
    SymbolPath path() {
        return path;
    }

    /**
     * Goes on to the next label, which changes what may follow, or over all of the frames.
     *
     * @param best the most probable symbols of the frames from {@link #frame} on, after the labels so far
     * @param logProbability of each
     * @param from where those of this utterance begin
     * @param count of frames; those beyond the utterance's end do not count
     */
    void goOn(int[] best, float[] logProbability, int from, int count) {
        for (int at = from; at < from + count && !isDone(); at++) {
            path.add(best[at], logProbability[at]);
            if (best[at] != SymbolTable.BLANK) {
                name(best[at]);
                return;
            }
            next();
        }
    }

    private void name(int label) {
        before = last;
        last = label;
        if (++ofFrame == MOST_LABELS) {
            next();
        }
    }

    private void next() {
        frame++;
        ofFrame = 0;
    }
}
