package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.corpus.Voice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoicesNoteTest {
    /** Voices are parted by semicolons, their languages by spaces. */
    @ParameterizedTest
    @CsvSource({
        "fr, 'There is one voice: this is recognition of a known speaker'",
        "en es, 'There is one voice in two languages: this is recognition of a known speaker'",
        "fr;it, 'There are two voices, one per language: this is recognition of known speakers'",
        "en es;fr;it;ru, 'There are four voices, one per language (English and Spanish share one): this is recognition of"
                + " known speakers'",
        "en es it;fr ru, 'There are two voices, one per language (English, Spanish and Italian share one, French and"
                + " Russian share one): this is recognition of known speakers'",
        "fr;fr;it, 'There are three voices: this is recognition of known speakers'",
        "aa;ba;ca;da;ee;fa;ga, 'There are 7 voices, one per language: this is recognition of known speakers'"
    })
    void countsInWords(String voices, String expected) {
        List<Voice> all = Arrays.stream(voices.split(";"))
                .map(languages -> new Voice("v", "v", "CC0", List.of(languages.split(" ")), List.of()))
                .toList();
        assertThat(VoicesNote.of(all)).hasValue(expected + ", and says nothing about strangers.");
    }

    @Test
    void saysNothingOfNobody() {
        assertThat(VoicesNote.of(List.of())).isEmpty();
    }
}
