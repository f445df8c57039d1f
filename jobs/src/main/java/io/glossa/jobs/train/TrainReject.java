package io.glossa.jobs.train;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.CtcPaths;
import java.util.Locale;

/**
 * An utterance that training cannot use.
 *
 * @param code as {@link io.glossa.trainer.train.Admission} has it, {@code other-symbols} or {@code no-features}
 * @param detail the reason, as a sentence
 */
record TrainReject(String utterance, String code, String detail) {
    /** Why admission refused this utterance. */
    static TrainReject of(Utterance utterance, Buckets buckets) {
        int frames = utterance.frames();
        int symbols = utterance.labels().length;
        if (frames < 1) {
            return new TrainReject(utterance.id(), "empty", "it has no frames");
        }
        if (buckets.fitting(frames).isEmpty()) {
            return new TrainReject(
                    utterance.id(),
                    "too-long",
                    String.format(
                            Locale.ROOT,
                            "%.1f s, expected at most %.1f s",
                            frames / Bucket.FRAMES_PER_SECOND,
                            buckets.longest() / Bucket.FRAMES_PER_SECOND));
        }
        if (symbols == 0) {
            return new TrainReject(utterance.id(), "no-text", "it has no text, or an empty one");
        }
        int room = ModelConfig.encoderFrames(frames);
        return new TrainReject(
                utterance.id(),
                "too-many-symbols",
                symbols + " symbols need " + CtcPaths.framesNeeded(utterance.labels()) + " frames of 40 ms, it has "
                        + room);
    }
}
