package io.glossa.jobs.demo;

import io.glossa.jobs.corpus.Voice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the number of voices means for the results, in a sentence of the report. */
final class VoicesNote {
    private static final String[] NUMBERS = {"no", "one", "two", "three", "four", "five", "six"};

    private VoicesNote() {}

    /** Empty where nobody is known. */
    static Optional<String> of(List<Voice> voices) {
        if (voices.isEmpty()) {
            return Optional.empty();
        }
        boolean one = voices.size() == 1;
        return Optional.of("There " + (one ? "is one voice" : "are " + number(voices.size()) + " voices")
                + (one ? inLanguages(voices.get(0)) : perLanguage(voices))
                + ": this is recognition of " + (one ? "a known speaker" : "known speakers")
                + ", and says nothing about strangers.");
    }

    private static String inLanguages(Voice voice) {
        int languages = voice.languages().size();
        return languages > 1 ? " in " + number(languages) + " languages" : "";
    }

    /** Nothing where a language has several voices. */
    private static String perLanguage(List<Voice> voices) {
        List<String> spoken =
                voices.stream().flatMap(voice -> voice.languages().stream()).toList();
        if (spoken.stream().distinct().count() < spoken.size()) {
            return "";
        }
        String shared = voices.stream()
                .filter(voice -> voice.languages().size() > 1)
                .map(voice -> names(voice.languages()) + " share one")
                .collect(Collectors.joining(", "));
        return ", one per language" + (shared.isEmpty() ? "" : " (" + shared + ")");
    }

    private static String names(List<String> languages) {
        List<String> names = languages.stream()
                .map(code -> Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH))
                .toList();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private static String number(int number) {
        return number < NUMBERS.length ? NUMBERS[number] : Integer.toString(number);
    }
}
