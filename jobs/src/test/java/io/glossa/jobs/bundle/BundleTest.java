package io.glossa.jobs.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.trainer.runtime.cpu.OneDnnJar;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final String MAIN = "io.glossa.jobs.bundle.BundledGlossa";

    @TempDir
    Path folder;

    @Test
    void replacesNothingButABundle() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> Bundle.write(folder, line -> {}))
                .hasMessage("Cannot write a bundle to " + folder + ": found something else there, expected a bundle to"
                        + " replace or nothing (name another folder with --out)");
        assertThat(folder.resolve("thesis.txt")).exists();
    }

    @Test
    void itsCommandsNeedNoMoreThanItsJars() throws Exception {
        Path jars = folder.resolve("lib");
        Jars.copy(jars);
        List<String> glossa = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jars + "/*" + File.pathSeparator + oneDnn(),
                MAIN);

        String kernel = said(Map.of(), glossa, "workbench", "layer-norm", "--batch", "1", "--seconds", "1");
        String sizes = said(Map.of(), glossa, "bench", "train", "--help");

        assertThat(kernel).contains("layer-norm bf16 on cpu", "pass", "µs at least");
        assertThat(sizes).contains("--against");
        try (Stream<Path> files = Files.list(jars)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("spark") || name.startsWith("ffmpeg"));
        }
    }

    /** With a stand-in for the bundle's own command, which fails in one step and takes too long in another. */
    @Test
    void aLeaseKeepsAllThatItMeasuresInOneFile() throws Exception {
        Files.copy(Bundle.class.getResourceAsStream("lease.sh"), folder.resolve("lease.sh"));
        Path glossa = Files.writeString(folder.resolve("glossa"), """
                #!/bin/sh
                echo "$*" >>"$(dirname "$0")/calls"
                case "$*" in
                    workbench) printf 'Kernels:\\n  softmax  of rows\\n' ;;
                    *"--size 2b"*) echo 'Cannot take 9 GB: found "8", expected more' >&2; exit 4 ;;
                    *bench*) echo '{"batch":96,"rtfx":7.5}' ;;
                    *) printf 'a\\tb \\\\ "c"\\n12 passed, 0 failed\\n' ;;
                esac
                """);
        assertThat(glossa.toFile().setExecutable(true)).isTrue();
        Path peer = Files.writeString(folder.resolve("peer"), """
                #!/bin/sh
                case "$*" in *"--batch 96"*) exit 1 ;; *) echo '{"rtfx":3}' ;; esac
                """);
        assertThat(peer.toFile().setExecutable(true)).isTrue();
        List<String> lease = List.of("/bin/sh", folder.resolve("lease.sh").toString());
        String out = folder.resolve("out.json").toString();
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));

        String said = said(environment, lease, "--out", out, "--peer", peer.toString());
        JsonNode steps = new ObjectMapper().readTree(Path.of(out).toFile());

        assertThat(said)
                .contains("bench-2b-16s ended with code 4: Cannot take 9 GB: found \"8\"", "All results: " + out);
        assertThat(steps.findValuesAsText("name"))
                .startsWith("selftest", "bench-0.6b-16s", "peer-0.6b-16s-96", "peer-0.6b-16s-72", "bench-2b-16s")
                .contains("peer-m-16s-72", "workbench-softmax")
                .doesNotContain("peer-0.6b-16s-48");
        assertThat(steps.get(0).get("output").asText()).isEqualTo("a\tb \\ \"c\"\n12 passed, 0 failed\n");
        assertThat(steps.get(4).get("code").asInt()).isEqualTo(4);
        assertThat(steps.get(4).get("errors").asText()).startsWith("Cannot take 9 GB");

        long calls = Files.readAllLines(folder.resolve("calls")).size();
        said(environment, lease, "--out", out, "--peer", peer.toString());
        assertThat(Files.readAllLines(folder.resolve("calls")))
                .as("nothing is measured twice")
                .hasSize((int) calls + 1);
        assertThat(new ObjectMapper().readTree(Path.of(out).toFile())).isEqualTo(steps);
    }

    /** Takes minutes: it builds all programs, and compresses oneDNN where nobody did before. */
    @Test
    @Tag("slow")
    void aBundleRunsWithoutJavaAndCompiler() throws Exception {
        Path out = Path.of("target", "glossa-bundle").toAbsolutePath();
        Path old = earlier(out);
        Bundle bundle = Bundle.write(out, System.out::println);
        assertThat(old).doesNotExist();
        assertThat(bundle.contents()).last().asString().endsWith("in all");
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isLessThan(Bundle.LIMIT);
        }
        Map<String, String> environment = Map.of(
                "PATH", tools().toString(), "HOME", folder.resolve("home").toString());
        List<String> glossa = List.of("/bin/sh", out.resolve("glossa").toString());

        assertThat(said(environment, glossa, "selftest", "--quick", "--device", "cpu")
                        .strip()
                        .lines())
                .last()
                .asString()
                .matches("[1-9]\\d+ passed, 0 failed");
        assertThat(said(environment, glossa, "bench", "train", "--size", "xs", "--steps", "1"))
                .contains("s a step");
        assertThat(said(environment, glossa, "workbench", "attention", "--size", "s"))
                .contains("µs at least");
        try (Stream<Path> home = Files.list(folder.resolve("home"))) {
            assertThat(home.map(file -> file.getFileName().toString())).containsExactly(".cache");
        }
    }

    /** A file in a folder that looks like a bundle. */
    private static Path earlier(Path out) throws IOException {
        Files.createDirectories(out);
        for (String name : List.of("contents.txt", "glossa")) {
            Files.writeString(out.resolve(name), "of an earlier bundle");
        }
        return Files.writeString(out.resolve("old"), "a part of it");
    }

    /** A folder with what the start script calls, and nothing else. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "mkdir")) {
            Files.copy(Path.of("/usr/bin", tool), tools.resolve(tool));
        }
        return tools;
    }

    private static Path oneDnn() throws IOException {
        try (OneDnnJar jar = OneDnnJar.open()) {
            return jar.file();
        }
    }

    private String said(Map<String, String> environment, List<String> start, String... words) throws Exception {
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (!environment.isEmpty()) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
