package io.glossa.trainer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolchainTest {
    private static final String SOURCE = "extern \"C\" int answer() { return 42; }\n";

    private static final BuildSetup SETUP = BuildSetup.ofEnvironment();

    @TempDir
    Path cache;

    @TempDir
    Path bin;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void aLibraryIsBuiltOnce() throws Exception {
        Toolchain toolchain = toolchain(SETUP);
        Path first = toolchain.library("test", SOURCE, List.of());
        FileTime built = Files.getLastModifiedTime(first);

        assertThat(toolchain.library("test", SOURCE, List.of())).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(built);
    }

    @Test
    void theCompilerIsNamedInALine() {
        assertThat(toolchain(SETUP).compiler()).isNotBlank().doesNotContain("\n");
        assertThat(toolchain(SETUP.withVersion(Optional.of("g++ 13\nCopyright")))
                        .compiler())
                .isEqualTo("g++ 13");
    }

    @Test
    void anotherFlagIsAnotherLibrary() {
        Toolchain toolchain = toolchain(SETUP);

        assertThat(toolchain.library("test", SOURCE, List.of("-DX")))
                .isNotEqualTo(toolchain.library("test", SOURCE, List.of()));
    }

    @Test
    void nothingIsLeftBesideTheLibraries() throws Exception {
        toolchain(SETUP).library("test", SOURCE, List.of());

        try (var files = Files.list(cache)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void theCompilerMayHaveOptionsAndAProgramBeforeIt() throws Exception {
        Path spaced = Files.createDirectories(bin.resolve("my tools")).resolve("c++");
        Files.createSymbolicLink(spaced, Path.of("/usr/bin/c++"));
        Path plain = toolchain(SETUP.withCompiler("c++")).library("test", SOURCE, List.of());

        assertThat(toolchain(SETUP.withCompiler(spaced.toString())).library("test", SOURCE, List.of()))
                .isEqualTo(plain);
        assertThat(toolchain(SETUP.withCompiler("c++  -m64 ")).library("test", SOURCE, List.of()))
                .isNotEqualTo(plain);
        assertThat(toolchain(SETUP.withCompiler("env c++ -DGLOSSA")).library("test", SOURCE, List.of()))
                .isNotEqualTo(plain);
        assertThatThrownBy(() ->
                        toolchain(SETUP.withCompiler("c++ --no-such-option")).library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("c++ --no-such-option");
    }

    @Test
    void otherUsersOfTheCacheMayReadWhatTheFirstWrote() throws Exception {
        Path library = toolchain(SETUP).library("test", SOURCE, List.of());
        Path plan = cache.resolve("plan.bin");
        Seal.publish(plan, new byte[8]);
        Path written = Files.write(cache.resolve("plain"), new byte[1]);

        assertThat(Files.getPosixFilePermissions(plan)).isEqualTo(Files.getPosixFilePermissions(written));
        assertThat(Files.getPosixFilePermissions(library)).containsAll(Files.getPosixFilePermissions(written));
    }

    @Test
    void aMissingCompilerIsNamed() {
        assertThatThrownBy(
                        () -> toolchain(SETUP.withCompiler("no-such-compiler")).library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot start the C++ compiler 'no-such-compiler'")
                .hasMessageContaining("install g++");
    }

    @Test
    void whatDoesNotCompileIsKept() throws Exception {
        assertThatThrownBy(() -> toolchain(SETUP).library("test", "int main() { return x; }", List.of()))
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

        assertThatThrownBy(() -> new Toolchain(file, SETUP).library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("GLOSSA_CACHE");
    }

    @ParameterizedTest
    @CsvSource({
        "exit 3, cxx --version ended with status 3 and said: [no licence]",
        "kill -SEGV $$, cxx --version was ended by signal 11 and said: [no licence]"
    })
    void aCompilerThatCrashesIsNamed(String end, String found) throws Exception {
        String compiler = script("echo no licence; " + end);

        assertThatThrownBy(() -> toolchain(SETUP.withCompiler(compiler)).library("test", SOURCE, List.of()))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith("Cannot compile kernels: ")
                .hasMessageContaining(found)
                .hasMessageContaining("CXX");
    }

    @Test
    void aCompilerThatCrashesLeavesNoLibrary() throws Exception {
        String compiler = script("case $* in --version) exit 0;; esac; c++ \"$@\"; kill -KILL $$");

        assertThatThrownBy(() -> toolchain(SETUP.withCompiler(compiler)).library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("was ended by signal 9");

        try (var files = Files.list(cache)) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".failed.cpp"));
        }
    }

    @Test
    void aCompilerThatHangsIsEndedWithAllThatItStarted() throws Exception {
        Path started = bin.resolve("started");
        String compiler = script("sleep 600 & echo $! $$ > " + started + "; wait");
        Toolchain toolchain = toolchain(SETUP.withCompiler(compiler).withLimit(Duration.ofMillis(500)));

        assertThatThrownBy(() -> toolchain.library("test", SOURCE, List.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot compile kernels: ")
                .hasMessageContaining("was still running after 0.5 s");

        assertThat(Files.readString(started).trim().split(" ")).hasSize(2).allSatisfy(ToolchainTest::assertEnds);
    }

    @Test
    void aLibraryThatLostItsEndIsBuiltAgain() throws Exception {
        Path library = toolchain(SETUP).library("test", SOURCE, List.of());
        byte[] whole = Files.readAllBytes(library);
        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), new byte[whole.length], new byte[0])) {
            Files.write(library, damaged);
            warnings.clear();

            assertThat(toolchain(SETUP).library("test", SOURCE, List.of())).isEqualTo(library);
            assertThat(Seal.isWhole(library)).isTrue();
            assertThat(warnings).singleElement().asString().contains("again", library.toString(), "damaged");
        }
        assertThat(Toolchain.load(library).getFunction("answer").invokeInt(new Object[0]))
                .isEqualTo(42);
    }

    @Test
    void aLibraryForAnotherProcessorIsNotUsed() {
        Path here = toolchain(SETUP).library("test", SOURCE, List.of());
        Path there = toolchain(SETUP.withProcessor("flags: of another")).library("test", SOURCE, List.of());

        assertThat(there).isNotEqualTo(here);
        assertThat(warnings).isEmpty();
    }

    /** A cache holds libraries of all versions, and one process may load several. */
    @Test
    void aLibraryCallsItsOwnInlineFunctions() {
        Toolchain toolchain = toolchain(SETUP);
        for (int version = 1; version <= 2; version++) {
            Path library = toolchain.library("test", inline(version), List.of());
            assertThat(Toolchain.load(library).getFunction("outer" + version).invokeInt(new Object[0]))
                    .isEqualTo(version);
        }
    }

    private static String inline(int version) {
        return "template <typename T> struct Shared { __attribute__((noinline)) static int value() { static int v = "
                + version + "; return v; } };\n" + "extern \"C\" int outer" + version
                + "() { return Shared<int>::value(); }\n";
    }

    @Test
    void whatTheSystemDoesNotLoadIsNamed() throws Exception {
        Path file = Files.writeString(cache.resolve("none.so"), "no library");

        assertThatThrownBy(() -> Toolchain.load(file))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot load " + file)
                .hasMessageContaining("GLOSSA_CACHE");
    }

    private Toolchain toolchain(BuildSetup setup) {
        return new Toolchain(cache, setup.withWarnings(warnings::add));
    }

    private String script(String commands) throws IOException {
        Path script = Files.writeString(bin.resolve("cxx"), "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    /** A process that was ended may be there for a moment more. */
    private static void assertEnds(String id) {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(id));
        process.ifPresent(p -> assertThat(p.onExit()).as("process " + id).succeedsWithin(Duration.ofSeconds(10)));
    }
}
