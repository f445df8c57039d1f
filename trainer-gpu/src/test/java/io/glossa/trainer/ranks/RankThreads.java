package io.glossa.trainer.ranks;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Device;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Ranks that are threads of this process. */
public final class RankThreads {
    private RankThreads() {}

    /** What each gives, in their order, when all have ended, on a device of its own that is connected with the others'. */
    public static <T> List<T> onDevices(DeviceRequest request, int count, Function<Device, T> work) {
        List<String> told = IntStream.range(0, count)
                .mapToObj(i -> request.tell(new Rank(i, count), "localhost"))
                .toList();
        return run(count, rank -> {
            try (Device device = request.open(Communicator.of(rank, told))) {
                return work.apply(device);
            }
        });
    }

    /** As above, without a device. */
    public static <T> List<T> run(int count, Function<Rank, T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<T>> ranks = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(new Rank(i, count)), threads))
                    .toList();
            return ranks.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }
}
