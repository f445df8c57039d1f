package io.glossa.featurize.decode;

import io.glossa.featurize.RejectCode;

/** The outcome of decoding one file. */
public sealed interface Decoded permits Decoded.Ok, Decoded.Reject {
    /**
     * Audio.
     *
     * @param samples 16 kHz mono, full scale ±1, finite
     * @param partial whether the file is damaged, so that samples are missing or doubtful
     * @param warning what is wrong with a partial file, and what was mended in any; null if nothing
     */
    record Ok(float[] samples, AudioInfo info, boolean partial, String warning) implements Decoded {}

    /** No audio, and why; {@code detail} is one line for a person. */
    record Reject(RejectCode code, String detail) implements Decoded {}
}
