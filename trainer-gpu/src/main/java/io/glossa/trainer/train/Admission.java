package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which utterances training can use, found before it starts.
 *
 * @param indices those used, ascending
 * @param rejected how many are not, by reason: {@code empty}, {@code too-long}, {@code no-text}, {@code too-many-symbols}
 */
public record Admission(int[] indices, Map<String, Integer> rejected) {
    static Admission of(BatchSource source, Buckets buckets, Objective objective) {
        List<Integer> kept = new ArrayList<>();
        Map<String, Integer> rejected = new TreeMap<>();
        for (int i = 0; i < source.size(); i++) {
            Optional<String> reason =
                    reason(source.utterance(i), buckets, objective.kind().equals(Ctc.KIND));
            if (reason.isPresent()) {
                rejected.merge(reason.get(), 1, Integer::sum);
            } else {
                kept.add(i);
            }
        }
        return new Admission(kept.stream().mapToInt(Integer::intValue).toArray(), rejected);
    }

    private static Optional<String> reason(Utterance utterance, Buckets buckets, boolean labelled) {
        if (utterance.frames() < 1) {
            return Optional.of("empty");
        }
        if (buckets.fitting(utterance.frames()).isEmpty()) {
            return Optional.of("too-long");
        }
        if (labelled && utterance.labels().length == 0) {
            return Optional.of("no-text");
        }
        int room = ModelConfig.encoderFrames(utterance.frames());
        return labelled && CtcPaths.framesNeeded(utterance.labels()) > room
                ? Optional.of("too-many-symbols")
                : Optional.empty();
    }
}
