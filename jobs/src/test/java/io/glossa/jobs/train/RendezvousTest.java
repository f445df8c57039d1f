package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.heartbeat.Loss;
import io.glossa.storage.Folder;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ranks.LostRank;
import io.glossa.trainer.runtime.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks that are threads, with a meeting place of this process in place of Spark's. */
class RendezvousTest {
    private static final DeviceRequest CPU = DeviceRequest.of("cpu").withThreads(1);

    @TempDir
    Path folder;

    /** What becomes of what the second rank tells. */
    private UnaryOperator<String> second = UnaryOperator.identity();

    @Test
    void ranksOfOneMachineShareIt() throws IOException {
        List<Integer> neighbours = new ArrayList<>();
        assertThat(meet(List.of(CPU, CPU), List.of(folder, folder), count -> {
                    synchronized (neighbours) {
                        neighbours.add(count);
                    }
                    return UnaryOperator.identity();
                }))
                .containsExactly(new Rank(0, 2), new Rank(1, 2));
        assertThat(neighbours).containsExactly(2, 2);
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(new Machine("cpu", 3, 0, 0, "")
                        .share(3)
                        .apply(CPU.withThreads(8))
                        .threads())
                .isEqualTo(2);
        assertThat(new Machine("cpu", 3, 5, 0, "")
                        .share(3)
                        .apply(CPU.withThreads(5))
                        .threads())
                .isEqualTo(5);
    }

    @Test
    void aFolderThatIsNotSharedNamesBothMachines() {
        assertThatThrownBy(() -> meet(List.of(CPU, CPU), List.of(folder.resolve("a"), folder.resolve("b"))))
                .cause()
                .hasMessage(
                        "Cannot train on 2 ranks: rank 1 on localhost does not see what rank 0 on localhost wrote into "
                                + folder.resolve("a") + ", expected a folder that all share (name one by --out)");
    }

    @Test
    void anotherDeviceIsRefused() {
        assertThatThrownBy(() -> meet(
                        List.of(
                                DeviceRequest.of("emit-only"),
                                DeviceRequest.of("emit-only").withAddress("1")),
                        List.of(folder, folder)))
                .cause()
                .hasMessageStartingWith("Cannot train on 2 ranks: the device of rank 0 on localhost is emulated GPU 0")
                .hasMessageContaining("that of rank 1 on localhost is emulated GPU 1")
                .hasMessageEndingWith("expected the same on all, so that they make the same bits");
    }

    /** As after a roll-out that has not reached all machines. */
    @Test
    void anotherVersionOfTheCodeIsRefused() {
        second = text -> text.replace(CodeVersion.current(), "0.0.9+abc");
        assertThatThrownBy(() -> meet(List.of(CPU, CPU), List.of(folder, folder)))
                .cause()
                .hasMessage("Cannot train on 2 ranks: the code of rank 0 on localhost is " + CodeVersion.current()
                        + ", that of rank 1 on localhost is 0.0.9+abc, expected the same on all, so that they make the same"
                        + " bits");
    }

    /** Nobody waits for one that cannot come, and its own error is the one that is told. */
    @Test
    void aRankThatIsNotReadyIsToldByAll() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> meet(List.of(CPU, CPU), List.of(file, folder)))
                .cause()
                .hasMessageStartingWith("Cannot write into " + file + " on localhost");

        RankOutcome own = RankOutcome.unable(GlossaException.resource("Cannot open the device"));
        RankOutcome other = RankOutcome.unable(GlossaException.resource("Cannot train on 2 ranks: rank 1 is not ready")
                .causedBy(new LostRank("")));
        assertThat(RankOutcome.of(List.of(other, own, RankOutcome.DONE), Optional.empty(), Optional.empty())
                        .message())
                .isEqualTo("Cannot open the device");
        assertThat(RankOutcome.of(List.of(RankOutcome.DONE, RankOutcome.DONE), Optional.empty(), Optional.empty())
                        .done())
                .isTrue();
    }

    @Test
    void ranksThatWereLostAreLaunchedAgainAndOnesThatDifferAreNot() {
        RankOutcome lost =
                RankOutcome.of(List.of(), Optional.of(new Loss("1", "rank 1 is gone", 0, true)), Optional.empty());
        RankOutcome different = RankOutcome.of(
                List.of(RankOutcome.DONE, RankOutcome.lost("others")),
                Optional.of(new Loss("", "the models differ", 0, false)),
                Optional.empty());

        assertThat(lost.worthAnotherTry()).isTrue();
        assertThat(different.worthAnotherTry()).isFalse();
        assertThat(different.error()).hasMessage("Cannot go on training: the models differ");
    }

    /** What each tells is measured in {@link #meet}. */
    @Test
    void aFailureThatJsonWritesLongIsToldInLessThanAKilobyte() throws IOException {
        Path file = Files.writeString(folder.resolve("\n\"".repeat(120)), "");
        assertThatThrownBy(() -> meet(List.of(CPU, CPU), List.of(file, folder)))
                .cause()
                .hasMessageStartingWith("Cannot write into " + file + " on localhost");
    }

    private List<Rank> meet(List<DeviceRequest> requests, List<Path> folders) {
        return meet(requests, folders, count -> UnaryOperator.identity());
    }

    private List<Rank> meet(
            List<DeviceRequest> requests, List<Path> folders, Function<Integer, UnaryOperator<DeviceRequest>> share) {
        int count = requests.size();
        String[] told = new String[count];
        CyclicBarrier all = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<Rank>> ranks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Rank rank = new Rank(i, count);
                Rendezvous rendezvous = new Rendezvous(rank, "localhost", Folder.of(folders.get(i)), text -> {
                    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024);
                    told[rank.index()] = rank.index() == 1 ? second.apply(text) : text;
                    await(all);
                    String[] gathered = told.clone();
                    await(all);
                    return gathered;
                });
                DeviceRequest request = requests.get(i);
                ranks.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (Device device = rendezvous.open(request, share)) {
                                return device.rank();
                            }
                        },
                        threads));
            }
            return ranks.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
