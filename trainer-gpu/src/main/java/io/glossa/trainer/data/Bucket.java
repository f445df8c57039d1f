package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import io.glossa.trainer.nn.ModelConfig;

/**
 * The extents of one compiled program.
 *
 * @param utterances rows of a batch
 * @param frames 10 ms frames that each row has room for, a multiple of the encoder's sub-sampling
 */
public record Bucket(int utterances, int frames) {
    public static final double FRAMES_PER_SECOND = 100;

    public Bucket {
        if (utterances < 1 || frames < 1 || frames % ModelConfig.SUBSAMPLING != 0) {
            throw GlossaException.user("Cannot use a bucket of " + utterances + " utterances of " + frames
                    + " frames, expected at least 1, and frames in multiples of " + ModelConfig.SUBSAMPLING);
        }
    }

    public int encoderFrames() {
        return ModelConfig.encoderFrames(frames);
    }

    /** Labels that each row has room for: 25 a second, more than anyone says, and CTC has no path for more than encoder frames. */
    public int labels() {
        return encoderFrames();
    }

    /** Such as "16x400". */
    public String name() {
        return utterances + "x" + frames;
    }
}
