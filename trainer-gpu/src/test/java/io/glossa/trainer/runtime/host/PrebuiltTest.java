package io.glossa.trainer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrebuiltTest {
    private static final String SOURCE = "extern \"C\" int answer() { return 42; }";

    @TempDir
    Path folder;

    private Path programs;
    private Path cache;

    /** A library made for others, and what a cache has beside it. */
    @BeforeEach
    void make() throws Exception {
        programs = Files.createDirectories(folder.resolve("programs"));
        cache = folder.resolve("cache");
        BuildSetup portable = BuildSetup.ofEnvironment().withLevel(Prebuilt.LEVEL);
        new Toolchain(programs, portable).library("test", SOURCE, List.of());
        Files.writeString(programs.resolve("plan-1.bin"), "a plan");
        Files.createDirectories(programs.resolve("dnnl/include"));
        Prebuilt.seal(programs);
    }

    @Test
    void aSealedFolderHasLibrariesAndTheirCompilerOnly() throws Exception {
        try (var files = Files.list(programs)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceAll("-.*\\.", ".")))
                    .containsExactlyInAnyOrder("test.so", "compiler.txt");
        }
        assertThat(Prebuilt.compiler(programs)).isNotBlank();
    }

    @Test
    void itsLibrariesAreFoundWithoutACompiler() {
        BuildSetup setup = Prebuilt.setup(programs, cache).withCompiler("no-such-compiler");
        Path library = new Toolchain(cache, setup).library("test", SOURCE, List.of());
        assertThat(Toolchain.load(library).getFunction("answer").invokeInt(new Object[0]))
                .isEqualTo(42);
    }

    @Test
    void aDamagedCopyIsReplaced() throws Exception {
        Toolchain toolchain = new Toolchain(cache, Prebuilt.setup(programs, cache));
        Path library = toolchain.library("test", SOURCE, List.of());
        byte[] whole = Files.readAllBytes(library);
        byte[] other = whole.clone();
        other[other.length / 2] ^= 1;
        Files.write(library, other);
        Prebuilt.setup(programs, cache);
        assertThat(library).hasBinaryContent(whole);
    }

    @Test
    void whatIsNotAmongThemIsRefused() {
        Toolchain toolchain = new Toolchain(cache, Prebuilt.setup(programs, cache));
        assertThatThrownBy(() -> toolchain.library("other", SOURCE, List.of()))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith(
                        "Cannot compile kernels: here are only programs that were built before, and other-");
    }

    @Test
    void aFolderWithoutThemIsNamed() {
        assertThatThrownBy(() -> Prebuilt.setup(cache, cache))
                .hasMessage("Cannot open device 'cpu': found no programs for it in " + cache
                        + ", expected some (device 'reference' needs none)");
    }
}
