package io.glossa.jobs.train;

import io.glossa.storage.LakeTable;
import java.util.Locale;

/** Where a training has log-mels from: the same bits either way. */
public enum FeatureOrigin {
    /** What {@code featurize} wrote. */
    STORED(LakeTable.FEATURES),
    /** Computed from the audio of utterances while it trains, in each pass anew; nothing is stored. */
    ON_THE_FLY(LakeTable.UTTERANCES);

    private final LakeTable table;

    FeatureOrigin(LakeTable table) {
        this.table = table;
    }

    /** Which it reads. */
    LakeTable table() {
        return table;
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
