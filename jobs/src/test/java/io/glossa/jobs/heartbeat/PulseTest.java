package io.glossa.jobs.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final Deadlines SHORT =
            new Deadlines(Duration.ofMillis(20), Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final CountDownLatch abandoned = new CountDownLatch(1);

    @Test
    void endsTheRankWhenTheDriverSaysSo() throws Exception {
        BlockingQueue<Beat> heard = new LinkedBlockingQueue<>();
        try (Pulse pulse = pulse(beat -> {
            heard.add(beat);
            return heard.size() < 3 ? "" : "rank 1 is gone";
        })) {
            assertThat(abandoned.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(pulse.failure()).contains("rank 1 is gone");
            assertThat(heard.take()).isEqualTo(Beat.first("a", 2, "here", "7"));
        }
    }

    @Test
    void endsTheRankWhenNobodyAnswers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Pulse pulse = pulse(beat -> {
            never.await();
            return "";
        })) {
            assertThat(abandoned.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(pulse.failure().orElseThrow()).startsWith("the driver has not answered for ");
        }
    }

    @Test
    void checksumsAreToldOnceTheLastOfThemBeforeTheRankEnds() {
        List<Beat.Checksum> heard = new CopyOnWriteArrayList<>();
        AtomicInteger lost = new AtomicInteger(2);
        try (Pulse pulse = pulse(beat -> {
            if (!beat.checksums().isEmpty() && lost.getAndDecrement() > 0) {
                throw new IOException("not delivered");
            }
            heard.addAll(beat.checksums());
            return "";
        })) {
            pulse.onChecksum(0, 7);
            while (heard.isEmpty()) {
                Thread.onSpinWait();
            }
            pulse.onChecksum(10, 8);
            pulse.finish();
        }
        assertThat(heard).containsExactly(new Beat.Checksum(0, 7), new Beat.Checksum(10, 8));
    }

    private interface Driver {
        String answer(Beat beat) throws Exception;
    }

    private Pulse pulse(Driver driver) {
        Pulse pulse = new Pulse(
                "a",
                2,
                "here",
                new Pulse.Line() {
                    @Override
                    public String executor() {
                        return "7";
                    }

                    @Override
                    public Answer ask(Beat beat) throws Exception {
                        return Answer.end(driver.answer(beat));
                    }
                },
                SHORT);
        pulse.whenLost(abandoned::countDown);
        return pulse;
    }
}
