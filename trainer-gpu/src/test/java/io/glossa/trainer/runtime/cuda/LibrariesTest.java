package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrariesTest {
    private static final DriverVersion CUDA_13 = new DriverVersion(13, 1);
    private static final DriverVersion CUDA_12 = new DriverVersion(12, 8);

    @TempDir
    Path root;

    private final List<String> loaded = new ArrayList<>();

    @Test
    void foldersAreSearchedInOrder() throws IOException {
        Path set = folder("set");
        Path toolkit = folder("usr/local/cuda-13.0/targets/x86_64-linux/lib");
        Path venv = folder("venv/lib/python3.12/site-packages/nvidia/cublas/lib");
        Path home = folder("home/.local/lib/python3.11/site-packages/nvidia/cu13/lib");
        Path system = folder("usr/lib/python3/dist-packages/nvidia/cuda_nvrtc/lib");
        folder("usr/local/lib/python3.12/site-packages/other/lib");
        Map<String, String> environment = Map.of(
                "LD_LIBRARY_PATH", set + ":" + root.resolve("none"),
                "VIRTUAL_ENV", root.resolve("venv").toString(),
                "HOME", root.resolve("home").toString());

        assertThat(new SearchPath(environment, root).folders()).containsExactly(set, toolkit, venv, home, system);
    }

    @Test
    void packagesOfThePythonOnThePathAreSearched() throws IOException {
        Path bin = folder("opt/bin");
        Path python = Files.writeString(bin.resolve("python3"), "");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Path packages = folder("opt/lib/python3.13/site-packages/nvidia/cu13/lib");

        assertThat(new SearchPath(Map.of("PATH", bin.toString()), root).folders())
                .containsExactly(packages);
    }

    @Test
    void aLinkIsFollowedToItsPython() throws IOException {
        Path real = folder("base/bin").resolve("python3.11");
        assertThat(Files.writeString(real, "").toFile().setExecutable(true)).isTrue();
        Path bin = folder("venv/bin");
        Files.createSymbolicLink(bin.resolve("python3"), real);
        Path own = folder("venv/lib/python3.11/site-packages/nvidia/cublas/lib");
        Path base = folder("base/lib/python3.11/site-packages/nvidia/nccl/lib");

        assertThat(new SearchPath(Map.of("PATH", bin.toString()), root).folders())
                .containsExactly(own, base);
    }

    @Test
    void anEnvironmentOfCondaHasLibrariesOfItsOwn() throws IOException {
        Path conda = folder("conda/lib");
        Path packages = folder("conda/lib/python3.12/site-packages/nvidia/cu13/lib");
        String prefix = root.resolve("conda").toString();
        assertThat(new SearchPath(Map.of("CONDA_PREFIX", prefix), root).folders())
                .containsExactly(conda, packages);
    }

    @Test
    void theNewestThatTheDriverRunsIsTaken() throws IOException {
        Path older = library("a", "libnvrtc.so.12");
        Path newer = library("b", "libnvrtc.so.13");
        library("b", "libnvrtc.so.14");
        library("b", "libnvrtc.so.13.0.88");

        assertThat(libraries("a", "b").newest("libnvrtc", "nvrtc", CUDA_13).path())
                .isEqualTo(newer.toString());
        assertThat(libraries("a", "b").newest("libnvrtc", "nvrtc", CUDA_12).path())
                .isEqualTo(older.toString());
    }

    @Test
    void whatALibraryLoadsByNameIsLoadedBefore() throws IOException {
        Path library = library("a", "libnvrtc.so.13");
        Path part = library("a", "libnvrtc-builtins.so.13.0");

        libraries("a").newest("libnvrtc", "nvrtc", CUDA_13);
        assertThat(loaded).containsExactly(part.toString(), library.toString());
    }

    @Test
    void theLoaderIsAskedLast() {
        Libraries libraries = new Libraries(List.of(), name -> {
            if (!name.equals("libcublasLt.so.12")) {
                throw new UnsatisfiedLinkError(name);
            }
            return new FakeCuda(name);
        });
        assertThat(libraries.newest("libcublasLt", "cublas", CUDA_13).path()).isEqualTo("libcublasLt.so.12");
    }

    @Test
    void aMissingLibraryIsNamedWithWhereItWasLookedFor() throws IOException {
        Path folder = folder("a");

        assertThatThrownBy(() -> libraries("a").newest("libcublasLt", "nvidia-cublas", CUDA_13))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot use the GPU: found no libcublasLt.so.13 down to .12, expected it in " + folder
                        + ", or where the system's loader looks (pip install 'nvidia-cublas==13.*', or set"
                        + " LD_LIBRARY_PATH)");
    }

    @Test
    void aMissingDriverIsNamed() {
        Libraries none = new Libraries(List.of(), name -> {
            throw new UnsatisfiedLinkError(name);
        });
        assertThatThrownBy(none::driver)
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot use a GPU: found no NVIDIA driver, expected libcuda.so.1 where")
                .hasMessageEndingWith("(install the driver, or take another device)");
    }

    @Test
    void ncclMakesIdsWhereItIsInstalled() {
        Native nccl = installedNccl();
        assertThat(Nccl.id(nccl)).matches("[0-9a-f]{256}").isNotEqualTo(Nccl.id(nccl));
    }

    private static Native installedNccl() {
        try {
            return Libraries.ofMachine().nccl();
        } catch (GlossaException e) {
            return Devices.skip(e.getMessage());
        }
    }

    private Path folder(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    private Path library(String folder, String name) throws IOException {
        return Files.writeString(folder(folder).resolve(name), "");
    }

    /** Loads files that are there. */
    private Libraries libraries(String... folders) {
        return new Libraries(List.of(folders).stream().map(root::resolve).toList(), name -> {
            if (!Files.exists(Path.of(name))) {
                throw new UnsatisfiedLinkError(name);
            }
            loaded.add(name);
            return new FakeCuda(name);
        });
    }
}
