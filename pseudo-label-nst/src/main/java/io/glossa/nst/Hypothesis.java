package io.glossa.nst;

import io.glossa.text.TextNormalizer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a teacher wrote of one utterance.
 *
 * @param utterance the utterance's id
 * @param lang its language
 * @param split its split
 * @param text the best path's text, normalised as people's texts are ({@link TextNormalizer})
 * @param hasUnknown whether it heard something that it has no symbol for, which the text lacks
 * @param score natural log of the best path's probability
 * @param confidence geometric mean of the probabilities of the symbols it emitted, spaces at the ends and doubled ones
 *     included, 0 to 1; 0 for an empty text
 * @param seconds length of the utterance
 */
public record Hypothesis(
        String utterance,
        String lang,
        String split,
        String text,
        boolean hasUnknown,
        double score,
        double confidence,
        double seconds)
        implements Serializable {

    /** What a recogniser heard of an utterance. */
    static Hypothesis of(Features utterance, io.glossa.trainer.train.Hypothesis heard) {
        String text = TextNormalizer.normalize(heard.text());
        return new Hypothesis(
                utterance.utterance(),
                utterance.lang(),
                utterance.split(),
                text,
                heard.hasUnknown(),
                heard.score(),
                text.isEmpty() ? 0 : heard.confidence(),
                Teacher.seconds(utterance.frames()));
    }

    public List<String> words() {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** The ratio of words to audio by which USM filters pseudo-labels (Zhang et al. 2023, arXiv:2303.01037). */
    public double wordsPerSecond() {
        return words().size() / seconds;
    }
}
