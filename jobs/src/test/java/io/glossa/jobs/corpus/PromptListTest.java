package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.corpus.PromptList.Prompt;
import org.junit.jupiter.api.Test;

class PromptListTest {
    @Test
    void readsKeysAndTexts() {
        String text =
                "; Core sounds: a comment\n\nactivated: Activated.\ndigits/1:  One\nno colon here\ntime: at: nine\r\n";

        assertThat(PromptList.parse(text))
                .containsExactly(
                        new Prompt("activated", "Activated."),
                        new Prompt("digits/1", "One"),
                        new Prompt("time", "at: nine"));
    }

    @Test
    void soundsAndEmptyTextsAreNotSpeech() {
        assertThat(new Prompt("beep", "[a beep]").isSpeech()).isFalse();
        assertThat(new Prompt("is", "...").isSpeech()).isFalse();
        assertThat(new Prompt("is", "").isSpeech()).isFalse();
        assertThat(new Prompt("is", "is").isSpeech()).isTrue();
    }
}
