package io.glossa.trainer.objective;

import java.util.Arrays;

/** What holds between labels and frames under CTC. */
public final class CtcPaths {
    private CtcPaths() {}

    /** The frames that spelling these labels takes at least: one each, and a blank between equal neighbours. */
    public static int framesNeeded(int[] labels) {
        int frames = labels.length;
        for (int i = 1; i < labels.length; i++) {
            frames += labels[i] == labels[i - 1] ? 1 : 0;
        }
        return frames;
    }

    /** What a path of symbols spells: runs of one symbol count once, blanks not at all. */
    public static int[] collapse(int[] path) {
        int[] labels = new int[path.length];
        int count = 0;
        for (int t = 0; t < path.length; t++) {
            if (path[t] != SymbolTable.BLANK && (t == 0 || path[t] != path[t - 1])) {
                labels[count++] = path[t];
            }
        }
        return Arrays.copyOf(labels, count);
    }
}
