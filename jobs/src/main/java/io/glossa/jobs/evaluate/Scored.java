package io.glossa.jobs.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * One utterance, what was said and what was recognised. Both texts are normalised alike.
 *
 * @param id the utterance
 * @param lang its language
 * @param reference what was said
 * @param hypothesis what was recognised
 * @param characters code points of the reference, spaces included
 * @param characterErrors edits between the texts' code points
 * @param words words of the reference
 * @param wordErrors edits between the texts' words
 */
public record Scored(
        String id,
        String lang,
        String reference,
        String hypothesis,
        int characters,
        int characterErrors,
        int words,
        int wordErrors)
        implements Serializable {

    public static Scored of(String id, String lang, String reference, String hypothesis) {
        List<Integer> said = codePoints(reference);
        List<String> words = words(reference);
        return new Scored(
                id,
                lang,
                reference,
                hypothesis,
                said.size(),
                Levenshtein.distance(said, codePoints(hypothesis)),
                words.size(),
                Levenshtein.distance(words, words(hypothesis)));
    }

    /** The text's code points, which is what a character is here. */
    public static List<Integer> codePoints(String text) {
        return text.codePoints().boxed().toList();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
