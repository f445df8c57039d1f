package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DecodingMemoryTest {
    private static final long GIBIBYTE = 1L << 30;

    /** Each alone needs more than there is: one after the other, and none for ever. */
    @Test
    void whatNeedsAllOfTheMemoryIsAlone() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tasks.add(() -> DecodingMemory.during(64 * GIBIBYTE, 7200, () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                return now.decrementAndGet();
            }));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                assertThat(task.get()).isZero();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most.get()).isOne();
    }

    @Test
    void countsTheFileAndItsSamplesThatMayBeFewer() {
        assertThat(DecodingMemory.mebibytes(0, 7200)).isOne();
        assertThat(DecodingMemory.mebibytes(1 << 20, 7200)).isEqualTo(1 + 1 + 160);
        // Two hours are 439 MiB of samples, whatever the file's length.
        assertThat(DecodingMemory.mebibytes(GIBIBYTE, 7200)).isBetween(1 + 1024 + 1098, 1 + 1024 + 1099);
        assertThat(DecodingMemory.mebibytes(Long.MAX_VALUE, 7200)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void whatFailsGivesItsMemoryBack() throws Exception {
        for (int i = 0; i < 3; i++) {
            try {
                DecodingMemory.during(64 * GIBIBYTE, 7200, () -> {
                    throw new IllegalStateException("in a decoder");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("in a decoder");
            }
        }
    }
}
