package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint of which a file is not the one that DONE names. */
class DamagedCheckpointsTest {
    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String META = "checkpoint.json";

    @TempDir
    Path dir;

    private final List<String> said = new ArrayList<>();
    private Path before;
    private Path last;

    @BeforeEach
    void write() {
        before = write(100);
        last = write(200);
    }

    private interface Damage {
        void to(Path file) throws IOException;
    }

    private static void alter(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
    }

    private static void truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
    }

    private static void lengthen(Path file) throws IOException {
        Files.writeString(file, "\n", StandardOpenOption.APPEND);
    }

    private static void empty(Path file) throws IOException {
        Files.write(file, new byte[0]);
    }

    static Stream<Arguments> damages() {
        List<Damage> damages = List.of(
                DamagedCheckpointsTest::alter,
                DamagedCheckpointsTest::truncate,
                DamagedCheckpointsTest::lengthen,
                DamagedCheckpointsTest::empty,
                Files::delete);
        return Stream.of(MODEL, OPTIMIZER, META)
                .flatMap(file -> damages.stream().map(damage -> Arguments.of(file, damage)));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void isRefusedByNameAndPassedOverInAFolder(String file, Damage damage) throws IOException {
        damage.to(last.resolve(file));

        refused(() -> Checkpoints.read(Folder.of(last)), last.resolve(file).toString());
        assertThat(Checkpoints.latest(Folder.of(dir), said::add)).contains(Folder.of(before));
        assertThat(said).singleElement().asString().contains("step-00000200", file);
        assertThat(Checkpoints.latest(Folder.of(dir))).contains(Folder.of(before));
    }

    @ParameterizedTest
    @ValueSource(strings = {MODEL, META})
    void isRefusedAsAModelToo(String file) throws IOException {
        alter(last.resolve(file));

        refused(() -> Checkpoints.readModel(Folder.of(last)), file);
        refused(() -> Checkpoints.model(Folder.of(last), said::add), file);
        assertThat(Checkpoints.model(Folder.of(dir), said::add)).contains(Folder.of(before));
        assertThat(said).singleElement().asString().contains(file);
    }

    @Test
    void aPartThatIsReadAloneIsCheckedAlone() throws IOException {
        alter(last.resolve(OPTIMIZER));
        assertThat(Checkpoints.model(Folder.of(dir), said::add)).contains(Folder.of(last));
        assertThat(Checkpoints.model(Folder.of(last), said::add)).contains(Folder.of(last));
        assertThat(Checkpoints.readModel(Folder.of(last)).model()).containsKey("encoder.w");
        assertThat(Checkpoints.readModel(Folder.of(last)).optimizer()).isEmpty();
        assertThat(Checkpoints.digest(Folder.of(last))).hasSize(64);
        assertThat(said).isEmpty();

        alter(last.resolve(META));
        refused(() -> Checkpoints.meta(Folder.of(last)), META);
        alter(last.resolve(MODEL));
        refused(() -> Checkpoints.digest(Folder.of(last)), MODEL);
    }

    static Stream<String> otherDones() {
        String line = "0".repeat(64) + "  ";
        return Stream.of(
                "",
                "rubbish\n",
                "\u0000\u00ff\u0080",
                "%sgarbage after the lines\n",
                "%s%s",
                "%s" + line + "other.bin\n",
                "%s" + line + "../" + MODEL + "\n",
                line + MODEL + "\n",
                "x".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("otherDones")
    void aDoneOfOtherLinesIsNone(String text) throws IOException {
        String done = Files.readString(last.resolve("DONE"));
        Files.write(last.resolve("DONE"), text.replace("%s", done).getBytes(StandardCharsets.ISO_8859_1));

        refused(() -> Checkpoints.read(Folder.of(last)), "DONE");
        refused(() -> Checkpoints.meta(Folder.of(last)), "DONE");
        refused(() -> Checkpoints.digest(Folder.of(last)), "DONE");
        assertThat(Checkpoints.latest(Folder.of(dir), said::add)).contains(Folder.of(before));
        assertThat(said).singleElement().asString().contains("DONE");
    }

    @ParameterizedTest
    @ValueSource(strings = {MODEL, OPTIMIZER, META})
    void aDoneThatLacksALineIsNone(String file) throws IOException {
        Path done = last.resolve("DONE");
        Files.write(
                done,
                Files.readAllLines(done).stream()
                        .filter(line -> !line.endsWith(file))
                        .toList());

        refused(() -> Checkpoints.read(Folder.of(last)), "no line of " + file);
        assertThat(Checkpoints.latest(Folder.of(dir))).contains(Folder.of(before));
    }

    @Test
    void whereAllAreDamagedThereIsNone() throws IOException {
        Files.delete(before.resolve(MODEL));
        Files.delete(last.resolve(OPTIMIZER));

        assertThat(Checkpoints.latest(Folder.of(dir), said::add)).isEmpty();
        assertThat(said).hasSize(2);
    }

    @Test
    void aDamagedOneIsReplacedWhenItsStepIsWrittenAgain() throws IOException {
        Files.delete(last.resolve(OPTIMIZER));
        write(200);

        assertThat(Checkpoints.latest(Folder.of(dir), said::add)).contains(Folder.of(last));
        assertThat(said).isEmpty();
    }

    /** Files that have lain for long are digested once; whatever is written to them afterwards is seen all the same. */
    @Test
    void whatWasWholeIsSeenToBeDamagedLater() throws IOException {
        Path optimizer = last.resolve(OPTIMIZER);
        Files.setLastModifiedTime(optimizer, FileTime.from(Instant.now().minusSeconds(60)));
        for (int time = 0; time < 2; time++) {
            assertThat(Checkpoints.latest(Folder.of(dir))).contains(Folder.of(last));
            assertThat(Checkpoints.read(Folder.of(last)).step()).isEqualTo(200);
        }

        alter(optimizer);
        refused(() -> Checkpoints.read(Folder.of(last)), OPTIMIZER);
        assertThat(Checkpoints.latest(Folder.of(dir))).contains(Folder.of(before));
    }

    private static void refused(ThrowingCallable read, String named) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageStartingWith("Cannot read ")
                .hasMessageContaining(named)
                .hasMessageContaining("expected");
    }

    private Path write(long step) {
        return Checkpoints.write(Folder.of(dir), checkpoint(step)).local().orElseThrow();
    }

    private static Checkpoint checkpoint(long step) {
        return new Checkpoint(
                step,
                Map.of("encoder.w", Tensor.of(new float[] {step, 1}, 2)),
                Map.of("encoder.w.m", Tensor.of(new float[] {2, 3}, 2)),
                new CheckpointMeta(step, "ctc", Map.of("a", "b"), Map.of(), Map.of(), Map.of()));
    }
}
