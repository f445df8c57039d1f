package io.glossa.nst;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a teacher wrote of one utterance.
 *
 * @param utterance the utterance's id
 * @param lang its language
 * @param split its split
 * @param text the best path's text, normalised as the training texts are
 * @param score natural log of the best path's probability
 * @param confidence geometric mean of the probabilities of the symbols it emitted, 0 to 1; 0 for an empty text
 * @param seconds length of the utterance
 */
public record Hypothesis(
        String utterance, String lang, String split, String text, double score, double confidence, double seconds)
        implements Serializable {

    public List<String> words() {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** The ratio of words to audio by which USM filters pseudo-labels (Zhang et al. 2023, arXiv:2303.01037). */
    public double wordsPerSecond() {
        return words().size() / seconds;
    }
}
