package io.glossa.featurize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceBytesTest {
    private final SourceBytes reader = new SourceBytes(new Configuration());

    @TempDir
    Path folder;

    @Test
    void readsUrisAndPathsOfAnyName() throws Exception {
        for (String name : new String[] {"plain.wav", "two words.wav", "100%.wav", "12:30.wav", "größe.wav"}) {
            Path file = Files.write(folder.resolve(name), new byte[] {1, 2, 3});
            assertThat(reader.read(file.toUri().toString(), -1)).containsExactly(1, 2, 3);
            assertThat(reader.read(file.toString(), -1)).containsExactly(1, 2, 3);
            assertThat(reader.read(file.toString(), 3)).isNull();
            assertThat(reader.read(file.toString(), 4)).hasSize(3);
        }
    }

    @Test
    void refusesWhatIsNotAFile() {
        assertThatThrownBy(() -> reader.read(folder.toString(), -1))
                .isInstanceOf(Refusal.class)
                .hasMessage("not a file");
        assertThatThrownBy(() -> reader.read(folder.resolve("gone").toString(), -1))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(RejectCode.UNREADABLE));
    }
}
