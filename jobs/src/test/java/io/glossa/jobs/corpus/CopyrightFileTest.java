package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.jobs.corpus.CopyrightFile.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyrightFileTest {
    private static final String TEXT = """
            Format: machine-readable
            Upstream-Name: prompts

            Files: *
            Copyright: 2003-2010, Ann Speaker
            Comment: The CREDITS file:
             Recorded by:
             Ann Speaker (a web address)
             .
             Financial Contributions by:
             Somebody, Inc.
            License: CC-BY-SA-3.0

            Files: ru-*
            Copyright: 2010, Someone
            Comment: CREDITS file:
             Provided by: Ivan Voice
             .
             a web address
            License: CC-BY-3.0

            Files: de-*
            Copyright: 2012 Hans Holder
            License: CC0-1.0
             and its text
            """;

    private final CopyrightFile file = CopyrightFile.parse("copyright", TEXT);

    @Test
    void namesWhoSpokeAndTheLicence() {
        assertThat(file.of("en")).isEqualTo(new Terms("Ann Speaker", "CC-BY-SA-3.0"));
        assertThat(file.of("ru")).isEqualTo(new Terms("Ivan Voice", "CC-BY-3.0"));
        assertThat(file.of("de")).isEqualTo(new Terms("2012 Hans Holder", "CC0-1.0"));
    }

    @Test
    void aFileInAnotherEncodingIsAnError(@TempDir Path folder) throws IOException {
        Path copyright = folder.resolve("copyright");
        String text = TEXT.replace("Ann Speaker", "Änn Spëaker");
        Files.writeString(copyright, "\uFEFF" + text);
        assertThat(CopyrightFile.read(copyright).of("en").credit()).isEqualTo("Änn Spëaker");
        Files.write(copyright, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CopyrightFile.read(copyright))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot read " + copyright + ": byte 0xC4 at offset ");
    }

    @Test
    void aFileWithoutALicenceIsAnError() {
        assertThatThrownBy(() ->
                        CopyrightFile.parse("x/copyright", "Files: de-*\n").of("de"))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("x/copyright")
                .hasMessageContaining("Files: de-*");
    }
}
