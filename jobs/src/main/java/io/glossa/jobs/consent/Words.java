package io.glossa.jobs.consent;

import io.glossa.error.GlossaException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** Purposes and territories as words. */
final class Words {
    private static final String BETWEEN = "[\\s,;]+";
    private static final Set<String> ANY = Set.of("any", "ANY", "*");

    private Words() {}

    /** One word at most. */
    static String one(String name, String text) {
        if (text.strip().split(BETWEEN).length > 1) {
            throw GlossaException.user(
                    "Cannot set '" + name + "': found '" + text + "', expected one word, which says what the run is");
        }
        return text.strip();
    }

    /** Words with commas, semicolons or spaces between as sorted ones with spaces between; null where any will do. */
    static String list(String text) {
        Set<String> words = new TreeSet<>(Arrays.asList(text.strip().split(BETWEEN)));
        words.remove("");
        return words.isEmpty() || words.stream().anyMatch(ANY::contains) ? null : String.join(" ", words);
    }
}
