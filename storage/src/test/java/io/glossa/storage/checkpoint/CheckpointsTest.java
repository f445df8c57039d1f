package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    @TempDir
    Path path;

    private Folder dir;

    @BeforeEach
    void open() {
        dir = Folder.of(path);
    }

    @Test
    void aCheckpointComesBack() {
        Checkpoint written = checkpoint(100, 0.5f);
        Folder step = Checkpoints.write(dir, written);
        assertThat(step).isEqualTo(dir.resolve("step-00000100"));

        Checkpoint read = Checkpoints.read(step);
        assertThat(read.step()).isEqualTo(100);
        assertThat(read.meta()).isEqualTo(written.meta());
        assertThat(read.model().get("encoder.w").floats()).containsExactly(0.5f, 1);
        assertThat(read.optimizer().get("encoder.w.m").floats()).containsExactly(2);
        assertThat(Checkpoints.latest(dir)).contains(step);
    }

    @Test
    void infiniteMetricsComeBack() {
        CheckpointMeta meta = new CheckpointMeta(
                1,
                "ctc",
                Map.of(),
                Map.of("seed", Long.MIN_VALUE),
                Map.of("loss", Double.NaN, "norm", Double.POSITIVE_INFINITY, "lr", 1e-17),
                Map.of());
        Folder step = Checkpoints.write(dir, new Checkpoint(1, Map.of(), Map.of(), meta));
        assertThat(Checkpoints.meta(step)).isEqualTo(meta);
    }

    @Test
    void theHighestDoneIsLatest() throws IOException {
        assertThat(Checkpoints.latest(dir.resolve("none"))).isEmpty();
        assertThat(Checkpoints.latest(dir)).isEmpty();
        for (long step : new long[] {200, 99_999_999, 100, 1_000_000_000}) {
            Checkpoints.write(dir, checkpoint(step, step));
        }
        Files.createDirectories(path.resolve("step-x")).resolve("DONE").toFile().createNewFile();
        assertThat(Checkpoints.latest(dir)).contains(dir.resolve("step-1000000000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "checkpoint.json", "DONE"})
    void aCrashBeforeAnyFileLeavesThePreviousOne(String lost) throws IOException {
        Folder previous = Checkpoints.write(dir, checkpoint(100, 1));
        Folder partial = Checkpoints.write(dir, checkpoint(200, 2));
        List<String> order = List.of("model.safetensors", "optimizer.safetensors", "checkpoint.json", "DONE");
        for (String file : order.subList(order.indexOf(lost), order.size())) {
            partial.delete(file);
        }
        assertThat(Checkpoints.latest(dir)).contains(previous);
        assertThatThrownBy(() -> Checkpoints.read(partial))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot read checkpoint " + partial + ": no DONE in it, expected a finished one");

        Folder written = Checkpoints.write(dir, checkpoint(200, 3));
        assertThat(Checkpoints.latest(dir)).contains(written);
        assertThat(names(path)).containsExactlyInAnyOrder("step-00000100", "step-00000200");
        assertThat(Checkpoints.read(written).model().get("encoder.w").floats()).containsExactly(3, 1);
    }

    @Test
    void theSameStepCanBeWrittenAgain() throws IOException {
        Folder first = Checkpoints.write(dir, checkpoint(100, 1));
        Checkpoint mapped = Checkpoints.read(first);
        Folder second = Checkpoints.write(dir, checkpoint(100, 2));
        assertThat(second).isEqualTo(first);
        assertThat(names(path)).containsExactly("step-00000100");
        assertThat(Checkpoints.read(second).model().get("encoder.w").floats()).containsExactly(2, 1);
        // What was read before keeps its bytes.
        assertThat(mapped.model().get("encoder.w").floats()).containsExactly(1, 1);
    }

    @Test
    void theDigestNamesTheModel() throws Exception {
        Folder step = Checkpoints.write(dir, checkpoint(100, 1));
        byte[] model = step.read("model.safetensors");
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
        assertThat(Checkpoints.digest(step)).isEqualTo(sha256);
        assertThat(new String(step.read("DONE"), StandardCharsets.UTF_8)).contains(sha256 + "  model.safetensors\n");
        assertThat(Checkpoints.digest(Checkpoints.write(dir, checkpoint(200, 1))))
                .isEqualTo(sha256);

        model[model.length - 1] ^= 1;
        step.write("model.safetensors", model);
        assertThatThrownBy(() -> Checkpoints.digest(step))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("that DONE names");
    }

    @Test
    void aCheckpointOfAnotherFormatIsRefused() throws IOException {
        Folder step = Checkpoints.write(dir, checkpoint(100, 1));
        Path json = path.resolve("step-00000100/checkpoint.json");
        Path done = json.resolveSibling("DONE");
        String text = Files.readString(json);
        String lines = Files.readString(done);
        String digest = Sha256.of(text);
        for (String altered : List.of(
                text.replace("\"format\" : 1", "\"format\" : 2"), text.replace("\"cursor\"", "\"cursr\""), "{")) {
            Files.writeString(json, altered);
            Files.writeString(done, lines.replace(digest, Sha256.of(altered)));
            assertThatThrownBy(() -> Checkpoints.read(step))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageStartingWith("Cannot read " + json);
        }
    }

    private static Checkpoint checkpoint(long step, float weight) {
        return new Checkpoint(
                step,
                Map.of("encoder.w", Tensor.of(new float[] {weight, 1}, 2)),
                Map.of("encoder.w.m", Tensor.of(new float[] {2}, 1)),
                new CheckpointMeta(
                        step,
                        "bestrq",
                        Map.of("learning-rate", "0.001"),
                        Map.of("epoch", 3L, "batch", 17L),
                        Map.of("loss", 6.25),
                        Map.of("run", "r1", "input.features", "5")));
    }

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> children = Files.list(dir)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
