package io.glossa.featurize.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
            assertThat(reader.read(file.toUri().toString())).containsExactly(1, 2, 3);
            assertThat(reader.read(file.toString())).containsExactly(1, 2, 3);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_234_567_890_123L));
            assertThat(reader.version(file.toUri().toString()))
                    .isEqualTo(reader.version(file.toString()))
                    .isEqualTo(new SourceBytes.Version(3, 1_234_567_890_123L));
        }
    }

    @Test
    void refusesWhatIsNotAFile() {
        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(Refusal.class)
                .hasMessage("not a file");
        assertThatThrownBy(() -> reader.version(folder.resolve("gone").toString()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(RejectCode.UNREADABLE));
    }
}
