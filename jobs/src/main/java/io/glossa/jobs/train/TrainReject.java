package io.glossa.jobs.train;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.train.Admission;
import java.util.Locale;

/**
 * An utterance that training cannot use.
 *
 * @param code as {@link io.glossa.trainer.train.Admission} has it, {@code other-symbols} or {@code no-features}
 * @param detail the reason, as a sentence
 */
record TrainReject(String utterance, String code, String detail) {
    /**
     * Why an utterance was refused, for one of the reasons of admission.
     *
     * @param kind of objective
     */
    static TrainReject of(Utterance utterance, Admission refusal, Buckets buckets, String kind) {
        String detail = switch (refusal) {
            case EMPTY -> "it has no frames";
            case TOO_LONG ->
                String.format(
                        Locale.ROOT,
                        "%.1f s, expected at most %.1f s",
                        utterance.frames() / Bucket.FRAMES_PER_SECOND,
                        buckets.longest() / Bucket.FRAMES_PER_SECOND);
            case NO_TEXT -> "it has no text, or an empty one";
            case TOO_MANY_SYMBOLS -> tooMany(utterance, buckets, kind);
        };
        return new TrainReject(utterance.id(), refusal.code(), detail);
    }

    /** Of a text with characters that the model has no symbols for. */
    static TrainReject foreign(String id, String text, SymbolTable symbols) {
        return new TrainReject(
                id, "other-symbols", "'" + text + "' has characters that are none of the model's, " + symbols);
    }

    private static String tooMany(Utterance utterance, Buckets buckets, String kind) {
        int symbols = utterance.labels().length;
        return kind.equals(Ctc.KIND)
                ? symbols + " symbols need " + CtcPaths.framesNeeded(utterance.labels()) + " frames of 40 ms, it has "
                        + ModelConfig.encoderFrames(utterance.frames())
                : symbols + " symbols, a batch of its length has room for "
                        + buckets.fitting(utterance.frames()).orElseThrow().labels();
    }
}
