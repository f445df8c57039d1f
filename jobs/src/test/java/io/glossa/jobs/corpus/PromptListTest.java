package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.jobs.corpus.PromptList.Prompt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void aListIsUnicodeOrAnError(@TempDir Path folder) throws IOException {
        Path gzip = folder.resolve("list.txt.gz");
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            write(gzip, "\uFEFFhello: größer\n".getBytes(charset));
            assertThat(PromptList.read(gzip)).containsExactly(new Prompt("hello", "größer"));
        }
        write(gzip, "hello: größer\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PromptList.read(gzip))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot read " + gzip + ": byte 0xF6 at offset 9 is not UTF-8, expected");
    }

    private static void write(Path gzip, byte[] bytes) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(bytes);
        }
    }

    @Test
    void soundsAndEmptyTextsAreNotSpeech() {
        assertThat(new Prompt("beep", "[a beep]").isSpeech()).isFalse();
        assertThat(new Prompt("is", "...").isSpeech()).isFalse();
        assertThat(new Prompt("is", "").isSpeech()).isFalse();
        assertThat(new Prompt("is", "is").isSpeech()).isTrue();
    }
}
