package io.glossa.jobs.train;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often a pass holds the texts of each language, so that a language's share of it is as its share of the lake to the power of 1/T
 * (Conneau et al. 2020, section 3.1; USM, Zhang et al. 2023, takes T = 3 for text): with T = 1 as it is, with a higher one more even. A
 * pass holds the language that has most once, and those of n times fewer texts n^(1 − 1/T) times, so that it leaves nothing out.
 */
record LanguageTimes(Map<String, Double> times) implements Serializable {
    /**
     * @param counts of each language's texts, above 0
     * @param temperature from 1
     */
    static LanguageTimes of(Map<String, Long> counts, double temperature) {
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        Map<String, Double> times = new TreeMap<>();
        counts.forEach((lang, count) -> times.put(lang, Math.pow((double) most / count, 1 - 1 / temperature)));
        return new LanguageTimes(times);
    }

    /** Of one text. */
    int of(String lang, String id) {
        return Copies.of(times.get(lang), id);
    }

    /** At most, of any text. */
    long most() {
        return times.values().stream()
                .mapToLong(each -> (long) Math.ceil(each))
                .max()
                .orElse(1);
    }
}
