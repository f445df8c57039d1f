package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.featurize.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFolderTest {
    @TempDir
    Path folder;

    @Test
    void takesAudioFilesWithTheirTextsAndLanguages() throws IOException {
        write("it/saluti/ciao.wav", "");
        write("it/saluti/ciao.txt", " Ciao, Mondo! \n");
        write("pt-BR/oi.FLAC", "");
        write("holiday/beach.mp3", "");
        write("top.opus", "");
        write("notes.txt", "not a recording");
        write("it/readme.md", "not a recording");

        List<SourceFile> files = AudioFolder.list(folder).files();

        assertThat(files.stream().map(SourceFile::key))
                .containsExactly("holiday/beach", "it/saluti/ciao", "pt-BR/oi", "top");
        assertThat(files.stream().map(SourceFile::lang)).containsExactly("und", "it", "pt", "und");
        assertThat(files.get(0).uri()).startsWith("file:").endsWith("/holiday/beach.mp3");
        Split split = Split.of("it", "it/saluti/ciao");
        assertThat(files.get(1).split()).isEqualTo(split.column());
        assertThat(files.get(1).text()).isEqualTo(split == Split.UNLABELLED ? null : "ciao mondo");
        assertThat(files.get(1).rawText()).isEqualTo(split == Split.UNLABELLED ? null : "Ciao, Mondo!");
    }

    @Test
    void followsLinksAndListsWhatCannotBeRead() throws IOException {
        write("elsewhere/far.wav", "");
        write("here/wav", "no extension");
        Files.createSymbolicLink(folder.resolve("here/linked"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("here/gone.wav"), folder.resolve("nowhere"));

        assertThat(AudioFolder.list(folder.resolve("here")).files())
                .extracting(SourceFile::key)
                .containsExactly("gone", "linked/far");
    }

    @Test
    void onlyRecordingsWithATextAreTrainedOrTestedOn() throws IOException {
        for (int i = 0; i < 40; i++) {
            write("en/" + i + ".wav", "");
            if (i % 2 == 0) {
                write("en/" + i + ".txt", i == 20 ? " ... " : "text number " + i);
            }
        }

        for (SourceFile file : AudioFolder.list(folder).files()) {
            int i = Integer.parseInt(file.key().substring(3));
            boolean hasText = i % 2 == 0 && i != 20;
            Split rule = hasText ? Split.of("en", file.key()) : Split.UNLABELLED;
            assertThat(file.split()).as(file.key()).isEqualTo(rule.column());
            assertThat(file.text() != null).isEqualTo(rule != Split.UNLABELLED);
        }
    }

    @Test
    void aFolderWithoutAudioIsTheUsersError() {
        assertThatThrownBy(() -> AudioFolder.list(folder))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(".wav");
        assertThatThrownBy(() -> AudioFolder.list(folder.resolve("absent"))).hasMessageContaining("absent");
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
