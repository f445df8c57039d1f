package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that several ranks wrote, each what it had. */
class ShardedCheckpointsTest {
    @TempDir
    Path path;

    private Folder dir;

    @BeforeEach
    void open() {
        dir = Folder.of(path);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void isTheSameByWhateverNumberOfRanks(int ranks) {
        Folder step = SampleCheckpoints.write(dir, 100, ranks, "first");

        SampleCheckpoints.requireSame(Checkpoints.read(step), 100);
        assertThat(Checkpoints.readModel(step).optimizer()).isEmpty();
        assertThat(Checkpoints.latest(dir)).contains(step);
        Folder alone = Checkpoints.write(Folder.of(path.resolve("alone")), SampleCheckpoints.of(100));
        assertThat(Checkpoints.digest(step)).isEqualTo(Checkpoints.digest(alone));
    }

    @Test
    void otherReadersFindEachTensorByTheIndex() throws IOException {
        Folder step = SampleCheckpoints.write(dir, 100, 3, "first");
        JsonNode index = new ObjectMapper().readTree(step.read("model.safetensors.index.json"));

        assertThat(index.at("/metadata/total_size").asLong()).isEqualTo(4 * (24 + 6 + 2));
        Map<String, Tensor> model = SampleCheckpoints.of(100).model();
        assertThat(index.get("weight_map").properties()).hasSameSizeAs(model.keySet());
        index.get("weight_map")
                .properties()
                .forEach(entry -> assertThat(
                                SafetensorsReader.open(step, entry.getValue().asText())
                                        .tensors())
                        .containsKey(entry.getKey()));
    }

    @Test
    void theBytesAreDealtEvenly() {
        Deal deal = Deal.of(Map.of("a", 50L, "b", 30L, "c", 20L, "d", 10L, "e", 5L, "f", 100L), Set.of("f"), 2);
        assertThat(deal.owners()).isEqualTo(Map.of("a", 0, "b", 1, "c", 1, "d", 0, "e", 1, "f", 0));
        assertThat(deal.bytes()).isEqualTo(215);
        assertThat(deal.gives(0, "a")).isTrue();
        assertThat(deal.gives(0, "f")).as("each has a part").isFalse();
    }

    @Test
    void whatNotAllRanksHaveWrittenIsNone() throws IOException {
        Folder before = SampleCheckpoints.write(dir, 100, 3, "first");
        for (int rank : new int[] {2, 0}) {
            Folder step = Checkpoints.write(dir, SampleCheckpoints.share(200, rank, 3, "first"));
            assertThat(Checkpoints.latest(dir, line -> assertThat(line).isNull()))
                    .contains(before);
            refused(() -> Checkpoints.read(step), "(a part of its sharded state is missing)");
        }
        Folder step = Checkpoints.write(dir, SampleCheckpoints.share(200, 1, 3, "first"));
        assertThat(Checkpoints.latest(dir)).contains(step);

        step.delete("DONE-00002-of-00003");
        refused(
                () -> Checkpoints.read(step),
                "Cannot read checkpoint " + step + ": no DONE-00002-of-00003 in it, expected one of each of 3 ranks"
                        + " (a part of its sharded state is missing)");
        assertThat(Checkpoints.latest(dir)).contains(before);
    }

    @Test
    void attemptsDoNotMix() {
        Folder before = SampleCheckpoints.write(dir, 100, 2, "first");
        Folder step = Checkpoints.write(dir, SampleCheckpoints.share(200, 0, 2, "first"));
        Checkpoints.write(dir, SampleCheckpoints.share(200, 1, 2, "second"));
        refused(() -> Checkpoints.read(step), "is of attempt second, expected first");
        assertThat(Checkpoints.latest(dir)).contains(before);

        Checkpoints.write(dir, SampleCheckpoints.share(200, 0, 2, "second"));
        assertThat(Checkpoints.latest(dir)).contains(step);
    }

    @Test
    void whatOtherNumbersOfRanksLeftDoesNotMatter() throws IOException {
        Folder step = SampleCheckpoints.write(dir, 100, 3, "first");
        step.delete("DONE-00003-of-00003");
        SampleCheckpoints.write(dir, 100, 2, "second");
        SampleCheckpoints.requireSame(Checkpoints.read(step), 100);

        // One of three outlived its attempt and ends after the others.
        SampleCheckpoints.write(dir, 100, 3, "first");
        Checkpoints.write(dir, SampleCheckpoints.share(100, 0, 2, "second"));
        SampleCheckpoints.requireSame(Checkpoints.read(step), 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-00002-of-00003.safetensors",
                "optimizer-00003-of-00003.safetensors",
                "model.safetensors.index.json",
                "checkpoint.json"
            })
    void aDamagedPartIsNamed(String file) throws IOException {
        Folder before = SampleCheckpoints.write(dir, 100, 3, "first");
        Folder last = SampleCheckpoints.write(dir, 200, 3, "first");
        byte[] bytes = last.read(file);
        bytes[bytes.length - 2] ^= 1;
        last.write(file, bytes);
        refused(() -> Checkpoints.read(last), file);
        List<String> said = new ArrayList<>();
        assertThat(Checkpoints.latest(dir, said::add)).contains(before);
        assertThat(said).singleElement().asString().contains("step-00000200", file);
    }

    @Test
    void aRangeThatNoRankHasIsNamed() {
        for (int rank = 0; rank < 3; rank++) {
            Share share = SampleCheckpoints.share(100, rank, 3, "first");
            Map<String, TensorRange> optimizer = rank == 1 ? Map.of() : share.optimizer();
            Checkpoints.write(dir, new Share(share.part(), share.deal(), share.model(), optimizer, share.meta()));
        }
        refused(
                () -> Checkpoints.read(dir.resolve("step-00000100")),
                "a part of tensor 'encoder.w.m' begins at element 16, expected element 8 (a part of its sharded state is"
                        + " missing)");
    }

    @Test
    void theLastAndEveryManiethStay() {
        for (long step = 10; step <= 60; step += 10) {
            SampleCheckpoints.write(dir, step, step == 40 ? 1 : 2, "first");
            new Retention(2, 30).keep(dir);
        }
        assertThat(Checkpoints.steps(dir))
                .extracting(Folder::name)
                .containsExactly("step-00000060", "step-00000050", "step-00000030");

        Checkpoints.write(dir, SampleCheckpoints.share(70, 0, 2, "first"));
        new Retention(2, 0).keep(dir);
        assertThat(Checkpoints.steps(dir)).as("unfinished ones do not count").hasSize(3);
        Retention.discard(dir, Optional.empty());
        assertThat(Checkpoints.steps(dir)).extracting(Folder::name).containsExactly("step-00000060", "step-00000050");
        Retention.discard(dir, Optional.of(dir.resolve("step-00000050")));
        assertThat(Checkpoints.steps(dir))
                .as("damaged, since one goes on from an earlier one")
                .extracting(Folder::name)
                .containsExactly("step-00000050");
    }

    private static void refused(ThrowingCallable read, String named) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageStartingWith("Cannot read ")
                .hasMessageContaining(named);
    }
}
