package io.glossa.trainer.workbench;

import io.glossa.error.GlossaException;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRqConfig;

/**
 * How large a kernel's work is.
 *
 * @param utterances in a batch
 * @param frames 40 ms frames of each
 * @param symbols that a recogniser names, the blank among them
 */
public record Extents(ModelConfig model, BestRqConfig books, int utterances, int frames, int symbols) {
    /** Small and awkward, with chunks that no frame fills up: what every device is held to the reference at. */
    public static final Extents SMALL = new Extents(
            new ModelConfig(1, 64, 2, 96, 5, "chunk:9", ModelConfig.Convolution.CROSSING, 16, 8),
            new BestRqConfig(3, 77, 16, 0.4, 0.1, 4, 0.1),
            3,
            21,
            7);

    /** One frame in one chunk, one utterance. */
    public static final Extents SMALLEST = new Extents(
            new ModelConfig(1, 32, 1, 33, 3, "chunk:1", ModelConfig.Convolution.CROSSING, 16, 8),
            new BestRqConfig(1, 2, 16, 1, 0.1, 4, 0.1),
            1,
            1,
            3);

    private static final int SYMBOLS = 64;

    /** Of a training step of a model preset with the usual codebooks. */
    public static Extents of(String size, int utterances, int seconds) {
        if (utterances < 1 || seconds < 1) {
            throw GlossaException.user("Cannot measure a kernel on " + utterances + " utterances of " + seconds
                    + " s, expected at least 1 each");
        }
        ModelConfig model = ModelConfig.preset(size);
        return new Extents(model, BestRqConfig.DEFAULTS, utterances, ModelConfig.encoderFrames(100 * seconds), SYMBOLS);
    }

    int width() {
        return model.dModel();
    }

    /** Which frames a frame attends to. */
    AttentionSpan span() {
        return model.span(frames);
    }

    int chunk() {
        return span().chunk();
    }

    /** Frames of all utterances, each filled up to whole chunks of so many. */
    int framesIn(int chunk) {
        return utterances * ((frames + chunk - 1) / chunk) * chunk;
    }

    int allFrames() {
        return utterances * frames;
    }

    /** Rows that the heads of BEST-RQ see. */
    int rows() {
        return books.rows(utterances, frames);
    }

    int labels() {
        return Math.max(1, frames / 3);
    }
}
