package io.glossa.trainer.ranks;

import io.glossa.trainer.data.Rank;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Ranks that are threads of this process. */
public final class RankThreads {
    private RankThreads() {}

    /** What each gives, in their order, when all have ended. */
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
