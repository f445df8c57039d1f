package io.glossa.jobs.evaluate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How wrong a recogniser is on some splits: {@code evaluation.json}.
 *
 * @param subject what was measured
 * @param rates of all utterances
 * @param byLanguage of each language
 * @param unseenText of the utterances whose text no training utterance of their language has; NaN where there are none
 * @param unseenTextByLanguage of each language that has such utterances
 * @param audioSeconds of the utterances
 * @param rejected utterances left out, by code
 */
public record Evaluation(
        Subject subject,
        ErrorRates rates,
        Map<String, ErrorRates> byLanguage,
        ErrorRates unseenText,
        Map<String, ErrorRates> unseenTextByLanguage,
        double audioSeconds,
        Map<String, Long> rejected) {
    /**
     * What decides the result: equal subjects have equal results.
     *
     * @param model digest of the model
     * @param splits that were recognised
     * @param trainingSplits whose texts count as seen
     * @param features snapshot of the features
     * @param frontEnd digest of the front end whose features were read; null in what was written before it was noted
     * @param references digest of the human transcripts, and of which texts were seen
     * @param seed of the intervals' resamples
     * @param code version that recognised; null in what was written before it was noted
     */
    public record Subject(
            String model,
            List<String> splits,
            List<String> trainingSplits,
            long features,
            String frontEnd,
            String references,
            long seed,
            String code) {}

    public Evaluation {
        byLanguage = new TreeMap<>(byLanguage);
        unseenTextByLanguage = new TreeMap<>(unseenTextByLanguage);
        rejected = new TreeMap<>(rejected);
    }

    /** The rates of these utterances. */
    public static Evaluation of(Subject subject, Collection<Heard> heard, Map<String, Long> rejected) {
        Predicate<Heard> unseen = one -> !one.textSeen();
        return new Evaluation(
                subject,
                ErrorRates.of(heard.stream().map(Heard::scored).toList(), subject.seed()),
                byLanguage(heard, one -> true, subject.seed()),
                ErrorRates.of(heard.stream().filter(unseen).map(Heard::scored).toList(), subject.seed()),
                byLanguage(heard, unseen, subject.seed()),
                heard.stream().mapToDouble(Heard::seconds).sum(),
                rejected);
    }

    private static Map<String, ErrorRates> byLanguage(Collection<Heard> heard, Predicate<Heard> which, long seed) {
        Map<String, List<Scored>> groups = heard.stream()
                .filter(which)
                .map(Heard::scored)
                .collect(Collectors.groupingBy(Scored::lang, TreeMap::new, Collectors.toList()));
        Map<String, ErrorRates> rates = new TreeMap<>();
        groups.forEach((lang, scored) -> rates.put(lang, ErrorRates.of(scored, seed)));
        return rates;
    }
}
