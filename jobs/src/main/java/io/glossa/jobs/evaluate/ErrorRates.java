package io.glossa.jobs.evaluate;

import java.util.Collection;

/**
 * Error rates of a set of utterances: all errors over the length of all references (not the mean of each utterance's
 * rate), so that a long utterance counts for its length. A rate can exceed 1.
 *
 * @param utterances how many
 * @param characters code points of all references
 * @param cer character error rate; NaN where there is no reference
 * @param cerInterval 95 % bootstrap interval of {@code cer}
 * @param words words of all references
 * @param wer word error rate
 * @param werInterval 95 % bootstrap interval of {@code wer}
 */
public record ErrorRates(
        int utterances,
        long characters,
        double cer,
        Interval cerInterval,
        long words,
        double wer,
        Interval werInterval) {

    /** The rates of these utterances; the intervals resample utterances with this seed. */
    public static ErrorRates of(Collection<Scored> scored, long seed) {
        int[] characters = scored.stream().mapToInt(Scored::characters).toArray();
        int[] characterErrors =
                scored.stream().mapToInt(Scored::characterErrors).toArray();
        int[] words = scored.stream().mapToInt(Scored::words).toArray();
        int[] wordErrors = scored.stream().mapToInt(Scored::wordErrors).toArray();
        Bootstrap bootstrap = new Bootstrap(scored.size(), seed);
        return new ErrorRates(
                scored.size(),
                Bootstrap.sum(characters),
                Bootstrap.rate(characterErrors, characters),
                bootstrap.interval(characterErrors, characters),
                Bootstrap.sum(words),
                Bootstrap.rate(wordErrors, words),
                bootstrap.interval(wordErrors, words));
    }
}
