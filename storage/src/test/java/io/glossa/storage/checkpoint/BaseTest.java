package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the base of adapters is found. */
class BaseTest {
    @TempDir
    Path path;

    private Folder run;
    private Folder base;
    private Folder adapters;

    @BeforeEach
    void write() {
        run = Folder.of(path.resolve("run"));
        base = Checkpoints.write(run, SampleCheckpoints.of(100));
        CheckpointMeta meta = SampleCheckpoints.of(7).meta().with(Optional.of(Base.of(base)));
        adapters = Checkpoints.write(
                Folder.of(path.resolve("adapters")),
                new Checkpoint(7, SampleCheckpoints.of(7).model(), Map.of(), meta));
    }

    @Test
    void isTheCheckpointThatWasFoundInAFolder() {
        Checkpoint read = Checkpoints.readModel(adapters, Optional.of(run));
        assertThat(read.meta().base()).contains(Base.of(base));
        float[] whole = SampleCheckpoints.of(100).model().get("encoder.w").floats();
        assertThat(read.model().get("encoder.w").floats()).isEqualTo(whole);
    }

    @Test
    void isNamedForAdaptersAlone() {
        assertThatThrownBy(() -> Checkpoints.readModel(base, Optional.of(run)))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot use --base " + run + ": " + base
                        + " is a whole model, expected one of adapters (leave --base out)");
    }

    @Test
    void whyALaterStepWasPassedOverIsSaid() throws IOException {
        Checkpoints.write(run, SampleCheckpoints.of(90));
        damage("model.safetensors");
        assertThatThrownBy(() -> Checkpoints.readModel(adapters, Optional.of(run)))
                .hasMessageStartingWith(
                        "Cannot read the adapters " + adapters + ": " + run.resolve("step-00000090") + " is model ")
                .hasMessageContaining("; Passed over checkpoint step-00000100: Cannot read ")
                .hasMessageContaining(", expected model ");
    }

    @Test
    void ofSeveralRanksHasADigestOnlyAsDoneNamesItsMeta() throws IOException {
        base = SampleCheckpoints.write(run, 200, 2, "first");
        Checkpoints.digest(base);
        damage("checkpoint.json");
        assertThatThrownBy(() -> Base.of(base))
                .hasMessageContaining("checkpoint.json: its SHA-256 is ")
                .hasMessageContaining("that DONE names");
    }

    private void damage(String file) throws IOException {
        byte[] bytes = base.read(file);
        bytes[bytes.length - 2] ^= 1;
        base.write(file, bytes);
    }
}
