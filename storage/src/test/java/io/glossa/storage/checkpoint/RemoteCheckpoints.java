package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds of checkpoints on any file system that is not a local one. */
abstract class RemoteCheckpoints {
    abstract Folder root();

    @Test
    void comesBackByWhateverNumberOfRanks() {
        for (int ranks : new int[] {1, 3}) {
            Folder dir = root().resolve("ranks-" + ranks);
            assertThat(Checkpoints.latest(dir)).isEmpty();
            Folder step = SampleCheckpoints.write(dir, 100, ranks, "first");
            assertThat(Checkpoints.latest(dir)).contains(step);
            assertThat(step.location()).isEqualTo(dir + "/step-00000100");
            SampleCheckpoints.requireSame(Checkpoints.read(step), 100);
            assertThat(Checkpoints.model(step, line -> {})).contains(step);
            assertThat(Checkpoints.model(dir, line -> {})).contains(step);
        }
        assertThat(Checkpoints.digest(root().resolve("ranks-3/step-00000100")))
                .isEqualTo(Checkpoints.digest(root().resolve("ranks-1/step-00000100")));
    }

    @Test
    void aCrashAtAnyMomentLeavesThePreviousOne() throws IOException {
        Folder dir = root().resolve("crash");
        Folder before = Checkpoints.write(dir, SampleCheckpoints.of(100));
        Folder step = SampleCheckpoints.write(dir, 200, 2, "first");
        for (String file : List.of(
                "DONE-00001-of-00002",
                "model.safetensors.index.json",
                "checkpoint.json",
                "optimizer-00001-of-00002.safetensors",
                "DONE-00002-of-00002")) {
            step.delete(file);
            assertThat(Checkpoints.latest(dir)).contains(before);
            assertThatThrownBy(() -> Checkpoints.read(step)).hasMessageContaining(" in it, expected ");
        }
        SampleCheckpoints.write(dir, 200, 2, "second");
        assertThat(Checkpoints.latest(dir)).contains(step);
    }

    @Test
    void damageIsSeenAndPassedOver() throws IOException {
        Folder dir = root().resolve("damage");
        Folder before = Checkpoints.write(dir, SampleCheckpoints.of(100));
        Folder last = Checkpoints.write(dir, SampleCheckpoints.of(200));
        byte[] model = last.read("model.safetensors");
        model[model.length - 3] ^= 1;
        last.write("model.safetensors", model);
        List<String> said = new ArrayList<>();

        assertThat(Checkpoints.latest(dir, said::add)).contains(before);
        assertThat(said).singleElement().asString().contains("step-00000200", last.file("model.safetensors"));
        assertThatThrownBy(() -> Checkpoints.read(last))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("its SHA-256 is");
        Checkpoints.write(dir, SampleCheckpoints.of(200));
        assertThat(Checkpoints.latest(dir)).contains(last);
    }

    @Test
    void theLastOnesStay() throws IOException {
        Folder dir = root().resolve("kept");
        for (long step = 10; step <= 50; step += 10) {
            Checkpoints.write(dir, SampleCheckpoints.of(step));
            new Retention(2, 20).keep(dir);
        }
        assertThat(dir.names()).containsExactlyInAnyOrder("step-00000020", "step-00000040", "step-00000050");
    }

    @Test
    void aSmallFileIsReplacedWhole() throws IOException {
        Folder dir = root().resolve("small");
        assertThat(dir.version("a.json")).isEmpty();
        for (String text : List.of("one", "another")) {
            dir.write("a.json", text.getBytes(StandardCharsets.UTF_8));
            assertThat(dir.read("a.json")).asString(StandardCharsets.UTF_8).isEqualTo(text);
        }
        assertThat(dir.names()).containsExactly("a.json");
        assertThat(dir.version("a.json").map(Folder.Version::bytes)).isEqualTo(Optional.of(7L));
        assertThat(root().version("small")).as("a folder is no file").isEmpty();
    }
}
