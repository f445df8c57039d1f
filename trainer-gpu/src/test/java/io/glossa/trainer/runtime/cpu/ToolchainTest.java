package io.glossa.trainer.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolchainTest {
    private static final String SOURCE = "extern \"C\" int answer() { return 42; }\n";

    @TempDir
    Path cache;

    @Test
    void aLibraryIsBuiltOnce() throws Exception {
        Toolchain toolchain = new Toolchain(cache, "c++");
        Path first = toolchain.library("test", SOURCE, List.of());
        FileTime built = Files.getLastModifiedTime(first);

        assertThat(toolchain.library("test", SOURCE, List.of())).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(built);
    }

    @Test
    void anotherFlagIsAnotherLibrary() {
        Toolchain toolchain = new Toolchain(cache, "c++");

        assertThat(toolchain.library("test", SOURCE, List.of("-DX")))
                .isNotEqualTo(toolchain.library("test", SOURCE, List.of()));
    }

    @Test
    void nothingIsLeftBesideTheLibraries() throws Exception {
        new Toolchain(cache, "c++").library("test", SOURCE, List.of());

        try (var files = Files.list(cache)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aMissingCompilerIsNamed() {
        assertThatThrownBy(() -> new Toolchain(cache, "no-such-compiler").library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot start the C++ compiler 'no-such-compiler'")
                .hasMessageContaining("install g++");
    }

    @Test
    void whatDoesNotCompileIsKept() throws Exception {
        assertThatThrownBy(() -> new Toolchain(cache, "c++").library("test", "int main() { return x; }", List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot compile kernels")
                .hasMessageContaining(".failed.cpp");

        try (var files = Files.list(cache)) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".failed.cpp"));
        }
    }

    @Test
    void anUnwritableCacheIsNamed() throws Exception {
        Path file = Files.writeString(cache.resolve("file"), "");

        assertThatThrownBy(() -> new Toolchain(file, "c++").library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("GLOSSA_CACHE");
    }
}
