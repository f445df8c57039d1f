package io.glossa.jobs.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
            assertThat(heard.take()).isEqualTo(new Beat("a", 2, "here", "7", -1, 0));
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
                    public String ask(Beat beat) throws Exception {
                        return driver.answer(beat);
                    }
                },
                SHORT);
        pulse.whenLost(abandoned::countDown);
        return pulse;
    }
}
