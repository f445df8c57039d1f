package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit --supervise} with a driver that ends as a test says, in a folder that looks like a built clone. */
class SuperviseTest {
    /** Does the next line of a plan: goes on from a step and is killed, ends with a code, or stays. */
    private static final String DRIVER = """
            #!/usr/bin/env bash
            cd "$(dirname -- "$0")"
            read -r act value <plan
            sed -i 1d plan
            echo "$*" >>arguments
            case $act in
                killed) printf '%s' "$value" >"$GLOSSA_SUPERVISED"; kill -KILL $$ ;;
                ends) exit "$value" ;;
                stays) echo $$ >pid; exec sleep 600 ;;
            esac
            """;

    @TempDir
    Path root;

    private Path bin;

    @BeforeEach
    void layOut() throws IOException {
        Files.copy(Path.of("../glossa"), root.resolve("glossa"));
        Path target = Files.createDirectories(root.resolve("jobs/target"));
        Files.createDirectories(root.resolve("target"));
        Path jar = Files.createFile(target.resolve("jobs-1.jar"));
        Files.writeString(target.resolve("libraries.classpath"), jar + "\n");
        Files.writeString(target.resolve("submit.classpath"), jar + "\n");
        Files.writeString(target.resolve(".built"), "4294967295 0\n"); // cksum of no sources
        bin = Files.createDirectories(root.resolve("bin"));
        Path driver = Files.writeString(bin.resolve("spark-submit"), DRIVER);
        assertThat(driver.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aDriverThatIsKilledIsStartedAgainUntilItEndsByItself() throws Exception {
        Process done = submit("killed 0", "killed 100", "ends 0");

        assertThat(exit(done)).as(said()).isZero();
        assertThat(said()).isEqualTo("The driver ended by signal 9; starting it again\n".repeat(2));
        assertThat(Files.readAllLines(bin.resolve("arguments")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith("jobs-1.jar submit pretrain --name x"));
    }

    @Test
    void anErrorOfOursIsTheEnd() throws Exception {
        assertThat(exit(submit("ends 2", "ends 0"))).isEqualTo(2);
        assertThat(said()).doesNotContain("starting it again");
    }

    @Test
    void withoutANewCheckpointItEndsSometime() throws Exception {
        Process vain =
                submit("killed 0", "killed 100", "killed 100", "killed 100", "killed 100", "killed 100", "ends 0");

        assertThat(exit(vain)).as(said()).isEqualTo(128 + 9);
        assertThat(said())
                .endsWith(
                        "Cannot go on: 4 drivers in a row ended without a new checkpoint, the last by signal 9, expected one"
                                + " to get further\n");
        assertThat(Files.readAllLines(bin.resolve("arguments"))).hasSize(6);
    }

    @Test
    void whoStopsItStopsTheDriver() throws Exception {
        Process stopped = submit("stays", "ends 0");
        while (!Files.exists(bin.resolve("pid"))) {
            assertThat(stopped.isAlive()).as(said()).isTrue();
            Thread.onSpinWait();
        }
        stopped.destroy();

        assertThat(exit(stopped)).isEqualTo(128 + 15);
        assertThat(stopped.descendants()).isEmpty();
        long driver = Long.parseLong(Files.readString(bin.resolve("pid")).strip());
        assertThat(ProcessHandle.of(driver).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(said()).doesNotContain("starting it again");
    }

    private Process submit(String... plan) throws IOException {
        Files.write(bin.resolve("plan"), List.of(plan));
        ProcessBuilder process = new ProcessBuilder(
                        "bash", root.resolve("glossa").toString(), "submit", "pretrain", "--supervise", "--name", "x")
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("said").toFile());
        process.environment().put("SPARK_HOME", root.toString());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return process.start();
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private String said() throws IOException {
        return Files.readString(root.resolve("said"));
    }
}
