package io.glossa.featurize.ingest;

import io.glossa.error.GlossaException;
import java.io.Serializable;

/**
 * How much of a run is done, written and forgotten at once.
 *
 * @param waveBytes of files that a wave reads, but for its last file
 * @param waveFiles the most files of a wave
 */
public record WaveConfig(long waveBytes, long waveFiles) implements Serializable {
    public WaveConfig {
        if (waveBytes < 1 || waveFiles < 1) {
            throw GlossaException.user("Cannot work in waves of " + waveBytes + " bytes and " + waveFiles
                    + " files: expected at least 1 of each");
        }
    }

    /** 16 GB and 50,000 files. */
    public static WaveConfig standard() {
        return new WaveConfig(16_000_000_000L, 50_000);
    }
}
