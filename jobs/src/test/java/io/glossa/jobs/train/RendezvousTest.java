package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
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
    private static final String HERE = "localhost";
    private static final String THERE = "127.0.0.1";

    /** What a rank comes with. */
    private record Own(String host, String code, DeviceRequest device, Path folder) {}

    @TempDir
    Path folder;

    @Test
    void ranksOfOneMachineShareIt() throws IOException {
        List<Integer> neighbours = new ArrayList<>();
        assertThat(meet(
                        count -> {
                            synchronized (neighbours) {
                                neighbours.add(count);
                            }
                            return UnaryOperator.identity();
                        },
                        own(HERE, folder),
                        own(HERE, folder)))
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
        assertThatThrownBy(() -> meet(own(HERE, folder.resolve("a")), own(THERE, folder.resolve("b"))))
                .cause()
                .hasMessage(
                        "Cannot train on 2 ranks: rank 1 on 127.0.0.1 does not see what rank 0 on localhost wrote into "
                                + folder.resolve("a") + ", expected a folder that all share (name one by --out)");
    }

    @Test
    void otherCodeIsRefused() {
        assertThatThrownBy(() -> meet(own(HERE, folder), new Own(THERE, "0.1.0+b", CPU, folder)))
                .cause()
                .hasMessage("Cannot train on 2 ranks: the code of rank 0 on localhost is 0.1.0+a, that of rank 1 on"
                        + " 127.0.0.1 is 0.1.0+b, expected the same on all, so that they make the same bits");
    }

    @Test
    void anotherDeviceIsRefused() {
        DeviceRequest emulated = DeviceRequest.of("emit-only");
        assertThatThrownBy(() -> meet(
                        new Own(HERE, "0.1.0+a", emulated, folder),
                        new Own(THERE, "0.1.0+a", emulated.withAddress("1"), folder)))
                .cause()
                .hasMessageStartingWith("Cannot train on 2 ranks: the device of rank 0 on localhost is emulated GPU 0")
                .hasMessageContaining("that of rank 1 on 127.0.0.1 is emulated GPU 1")
                .hasMessageEndingWith("expected the same on all, so that they make the same bits");
    }

    /** Nobody waits for one that cannot come, and its own error is the one that is told. */
    @Test
    void aRankThatIsNotReadyIsToldByAll() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> meet(own(HERE, file), own(HERE, folder)))
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
        assertThatThrownBy(() -> meet(own(HERE, file), own(HERE, folder)))
                .cause()
                .hasMessageStartingWith("Cannot write into " + file + " on localhost");
    }

    private static Own own(String host, Path folder) {
        return new Own(host, "0.1.0+a", CPU, folder);
    }

    private static List<Rank> meet(Own... all) {
        return meet(count -> UnaryOperator.identity(), all);
    }

    private static List<Rank> meet(Function<Integer, UnaryOperator<DeviceRequest>> share, Own... all) {
        int count = all.length;
        String[] told = new String[count];
        CyclicBarrier here = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<Rank>> ranks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Rank rank = new Rank(i, count);
                Own own = all[i];
                Rendezvous rendezvous = new Rendezvous(rank, own.host(), own.code(), Folder.of(own.folder()), text -> {
                    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024);
                    told[rank.index()] = text;
                    await(here);
                    String[] gathered = told.clone();
                    await(here);
                    return gathered;
                });
                ranks.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (Device device = rendezvous.open(own.device(), share)) {
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
