package io.glossa.featurize.features;

import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.LengthClass;

/** What the table utterances says of lengths, whatever front end its audio is for. */
public final class UtteranceLength {
    private static final FrontEndConfig USUAL = FrontEndConfig.usm();

    private UtteranceLength() {}

    /** Samples of audio of so many seconds: {@code duration_s} errs by much less than half of one. */
    public static int samples(double seconds) {
        return (int) Math.round(seconds * AudioDecoder.SAMPLE_RATE);
    }

    /** Seconds of so many samples. */
    public static double seconds(double samples) {
        return samples / AudioDecoder.SAMPLE_RATE;
    }

    /** {@code length_class}, by the frames of the usual front end. */
    public static int lengthClass(int samples) {
        return LengthClass.of(USUAL.frames(samples));
    }
}
