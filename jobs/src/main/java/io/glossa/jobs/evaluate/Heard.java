package io.glossa.jobs.evaluate;

/**
 * One utterance of an evaluation: a line of {@code hypotheses.jsonl}.
 *
 * @param id the utterance
 * @param lang its language
 * @param seconds its length
 * @param reference what was said, normalised
 * @param hypothesis what was recognised
 * @param score log-probability of the best path
 * @param confidence of the model in it, 0 to 1
 * @param textSeen whether the reference is also the text of a training utterance in this language
 */
public record Heard(
        String id,
        String lang,
        double seconds,
        String reference,
        String hypothesis,
        double score,
        double confidence,
        boolean textSeen) {
    /** The errors in it. */
    public Scored scored() {
        return Scored.of(id, lang, reference, hypothesis);
    }
}
