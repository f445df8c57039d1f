package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script says before it builds anything. */
class GlossaScriptTest {
    @TempDir
    Path folder;

    @Test
    void helpNamesTheCommandsFromAnyFolder() throws Exception {
        Path spaced = Files.createDirectories(folder.resolve("a folder with spaces"));
        Path script = Files.copy(Path.of("../glossa"), spaced.resolve("glossa"));

        Said said = run(script.toString(), "help");

        assertThat(said.exit()).isZero();
        assertThat(said.text())
                .contains(
                        "./glossa demo",
                        "./glossa test",
                        "./glossa submit",
                        "./glossa bench",
                        "./glossa explain",
                        "./glossa plan",
                        "./glossa lineage",
                        "./glossa verify",
                        "./glossa selftest",
                        "./glossa workbench",
                        "./glossa bundle");
    }

    @Test
    void anUnknownCommandIsRefusedAtOnce() throws Exception {
        Said said = run("../glossa", "dmeo");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.text())
                .isEqualTo(
                        "Cannot run 'dmeo': no such command, expected demo, test, submit, bench, explain, plan, lineage, verify, selftest, workbench, bundle, chaos, notebook, build or help");
    }

    @Test
    void anUnknownTestOptionIsRefusedAtOnce() throws Exception {
        Said said = run("../glossa", "test", "--slwo");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.text()).contains("--slwo").contains("--slow");
    }

    @Test
    void aClusterIsNotStartedOnAPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> place = Map.of(
                    "SPARK_MASTER_PORT", Integer.toString(taken.getLocalPort()), "SPARK_PID_DIR", folder.toString());

            Said said = run(place, "../deploy/standalone/cluster.sh", "start");

            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.text())
                    .isEqualTo("Cannot start a cluster: something answers at 127.0.0.1:" + taken.getLocalPort()
                            + ", expected a free port (SPARK_MASTER_PORT names another)");
        }
    }

    private record Said(int exit, String text) {}

    private static Said run(String script, String... args) throws IOException, InterruptedException {
        return run(Map.of(), script, args);
    }

    private static Said run(Map<String, String> environment, String script, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", script));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Said(process.exitValue(), text.strip());
    }
}
