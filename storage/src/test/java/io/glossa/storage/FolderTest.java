package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {
    @TempDir
    Path path;

    @Test
    void aLocalPathIsAbsolute() {
        Path here = Path.of("").toAbsolutePath();
        assertThat(new Folder("work/../run").location())
                .isEqualTo(here.resolve("run").toString());
        assertThat(new Folder("/a b/ü%20/").local()).contains(Path.of("/a b/ü%20"));
        assertThat(Folder.of(path)).isEqualTo(new Folder("file:" + path)).isEqualTo(new Folder("file://" + path));
        assertThat(Folder.of(path).resolve("x").name()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"hdfs://host:8020/a//b/,hdfs://host:8020/a/b", "s3a://bucket/a,s3a://bucket/a", "hdfs:/a,hdfs:/a"})
    void anotherFileSystemIsNamedByItsUri(String given, String location) {
        Folder folder = new Folder(given);
        assertThat(folder.location()).isEqualTo(location);
        assertThat(folder.local()).isEmpty();
        assertThat(folder.resolve("c")).isEqualTo(new Folder(location + "/c"));
    }

    @Test
    void ofSeveralWritersAllFindWhatOneWrote() throws IOException {
        Folder folder = Folder.of(path.resolve("run"));
        List<Byte> found = IntStream.range(0, 64)
                .parallel()
                .mapToObj(writer -> {
                    try {
                        return folder.first("choice", new byte[] {(byte) writer})[0];
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        assertThat(found).hasSize(64).containsOnly(found.get(0));
        assertThat(folder.names()).containsExactly("choice");
        assertThat(folder.first("choice", new byte[] {99})).containsExactly(found.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with space", "a:b", "100%25", "ünïcode#?"})
    void localFilesAreWhereTheirNamesSay(String name) throws IOException {
        Folder folder = Folder.of(path.resolve(name));
        assertThat(folder.names()).isEmpty();
        folder.write("small", new byte[] {1});
        try (OutputStream file = folder.create("large")) {
            file.write(new byte[] {2, 3, 4});
        }
        assertThat(Files.readAllBytes(path.resolve(name).resolve("large"))).containsExactly(2, 3, 4);
        assertThat(folder.names()).as("no checksum files").containsExactlyInAnyOrder("small", "large");
        assertThat(folder.range("large", 1, 2)).isEqualTo(ByteBuffer.wrap(new byte[] {3, 4}));
        assertThat(folder.version("large")).isPresent().isEqualTo(folder.version("large"));
        assertThat(folder.version("none")).isEmpty();
        folder.delete("none");
        folder.remove();
        assertThat(path.resolve(name)).doesNotExist();
    }

    @Test
    void aSchemeThatNothingServesIsTheUsersError() {
        assertThatThrownBy(() -> new Folder("nowhere://host/run").names())
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith("Cannot use nowhere://host/run: ")
                .hasMessageContaining("expected a file system that Hadoop finds");
    }
}
