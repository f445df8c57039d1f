package io.glossa.trainer.train;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.Head;
import java.util.Locale;
import java.util.Optional;

/** Which utterances training can use. */
public enum Admission {
    EMPTY,
    TOO_LONG,
    NO_TEXT,
    TOO_MANY_SYMBOLS;

    /**
     * Why an utterance cannot be used; empty if it can.
     *
     * @param kind of objective: a recogniser needs labels, for which its bucket has room, and CTC frames enough for them
     */
    public static Optional<Admission> refusal(Utterance utterance, Buckets buckets, String kind) {
        boolean spelled = kind.equals(Ctc.KIND);
        boolean labelled = Head.ofKind(kind).isPresent();
        if (utterance.frames() < 1) {
            return Optional.of(EMPTY);
        }
        Optional<Bucket> bucket = buckets.fitting(utterance.frames());
        if (bucket.isEmpty()) {
            return Optional.of(TOO_LONG);
        }
        if (labelled && utterance.labels().length == 0) {
            return Optional.of(NO_TEXT);
        }
        int frames = ModelConfig.encoderFrames(utterance.frames());
        boolean spells = !spelled || CtcPaths.framesNeeded(utterance.labels()) <= frames;
        boolean fits = !labelled || utterance.labels().length <= bucket.get().labels();
        return !spells || !fits ? Optional.of(TOO_MANY_SYMBOLS) : Optional.empty();
    }

    /** Such as {@code too-long}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
