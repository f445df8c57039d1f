package io.glossa.trainer.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.Toolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cache, whatever happened to it and whoever else uses it. */
class KernelCacheTest {
    private static final BuildSetup SETUP = BuildSetup.ofEnvironment();

    @TempDir
    Path cache;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void twoProcessesMayFillAnEmptyCacheAtOnce() throws Exception {
        Process first = CacheUser.start(cache, "");
        Process second = CacheUser.start(cache, "");

        List<String> found = CacheUser.lines(first);
        assertThat(found).singleElement().asString().startsWith("RESULT [");
        assertThat(CacheUser.lines(second)).isEqualTo(found);
    }

    @Test
    void twoDevicesMayFillAnEmptyCacheAtOnce() {
        var first = CompletableFuture.supplyAsync(() -> CacheUser.run(cache, warnings::add));
        var second = CompletableFuture.supplyAsync(() -> CacheUser.run(cache, warnings::add));

        assertThat(first.join()).isEqualTo(second.join());
        assertThat(warnings).isEmpty();
    }

    @Test
    void everyDamagedFileIsMadeAgain() throws Exception {
        List<String> expected = CacheUser.lines(CacheUser.start(cache, ""));
        assertThat(expected).singleElement().asString().startsWith("RESULT [");
        List<Path> damaged = new ArrayList<>();
        try (var files = Files.walk(cache)) {
            for (Path file :
                    files.filter(f -> f.toString().matches(".*\\.so(\\.\\d)?")).toList()) {
                cutInHalf(file);
                damaged.add(file);
            }
        }
        assertThat(damaged).hasSizeGreaterThanOrEqualTo(4);

        List<String> found = CacheUser.lines(CacheUser.start(cache, ""));

        assertThat(found).hasSize(damaged.size() + 1).endsWith(expected.get(0));
        for (Path file : damaged) {
            assertThat(found).anyMatch(line -> line.startsWith("WARNING ") && line.contains(file + " again"));
        }
        assertThat(CacheUser.lines(CacheUser.start(cache, ""))).isEqualTo(expected);
    }

    @Test
    void aLibraryWithoutTheFunctionsOfItsListIsMadeAgain(@TempDir Path copy) throws Exception {
        Path other = toolchain(SETUP).library("other", "extern \"C\" void other() {}", List.of());
        answers(cache, SETUP);
        Path built = only("kernels-.*\\.so", other);
        Path library = copy.resolve(built.getFileName().toString().replaceAll("-\\w+\\.so", "-0.so"));
        Files.copy(other, library);
        Files.copy(Path.of(built + ".functions"), Path.of(library + ".functions"));

        assertThat(answers(copy, SETUP)).isEqualTo(42);
        assertThat(warnings).singleElement().asString().contains(library + " again");
        warnings.clear();
        assertThat(answers(copy, SETUP)).isEqualTo(42);
        assertThat(warnings).isEmpty();
    }

    @Test
    void kernelsForAnotherProcessorAreNotUsed() throws Exception {
        answers(cache, SETUP);
        Path here = only("kernels-.*\\.so", cache);
        answers(cache, SETUP.withProcessor("flags: of another"));
        Path there = only("kernels-.*\\.so", here);

        assertThat(there).isNotEqualTo(here);
        assertThat(Files.readString(Path.of(there + ".functions")))
                .isEqualTo(Files.readString(Path.of(here + ".functions")));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws Exception {
        Path file = Files.writeString(cache.resolve("file"), "");

        assertThatThrownBy(() -> CpuDevice.open(1, file, Dumps.NONE))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith("Cannot unpack oneDNN into " + file)
                .hasMessageContaining("GLOSSA_CACHE");
    }

    @Test
    void aCompilerThatIsNotThereIsNamed() throws Exception {
        assertThat(CacheUser.lines(CacheUser.start(cache, "/no/such/c++")))
                .singleElement()
                .asString()
                .startsWith("ERROR RESOURCE Cannot start the C++ compiler '/no/such/c++'")
                .endsWith("expected one on the PATH (apt-get install g++, or set CXX)");
    }

    private Toolchain toolchain(BuildSetup setup) {
        return new Toolchain(cache, setup.withWarnings(warnings::add));
    }

    /** Compiles one kernel that writes 42, and runs it. */
    private int answers(Path folder, BuildSetup setup) {
        Kernel kernel = new Kernel(
                List.of(),
                "k_answer",
                "void GLOSSA_KERNEL(const int64_t* a) { *(int*)a[0] = 42; }\n",
                "",
                List.of(),
                List.of());
        try (NativeArray out = NativeArray.allocate(4);
                NativeArray arguments = NativeArray.allocate(8)) {
            arguments.address().setPointer(0, out.address());
            KernelCache kernels = new KernelCache(folder, new Toolchain(folder, setup.withWarnings(warnings::add)));
            kernels.function(kernels.names(List.of(kernel)).get(kernel)).invokeVoid(new Object[] {arguments.address()});
            return out.address().getInt(0);
        }
    }

    private Path only(String name, Path except) throws IOException {
        try (var files = Files.list(cache)) {
            List<Path> found = files.filter(f -> f.getFileName().toString().matches(name) && !f.equals(except))
                    .toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static void cutInHalf(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
}
