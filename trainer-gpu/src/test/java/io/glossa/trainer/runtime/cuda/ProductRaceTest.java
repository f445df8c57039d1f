package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductRaceTest {
    private final Deque<Double> secondsOfOneCall = new ArrayDeque<>();
    private int calls;

    /** Replays take as long as was said beforehand; each piece is run when it is recorded. */
    private final ProductRace race = new ProductRace(piece -> {
        int before = calls;
        piece.run();
        int own = calls - before;
        return new Gpu.Measured() {
            @Override
            public double[] replay() {
                return new double[] {own * secondsOfOneCall.removeFirst()};
            }

            @Override
            public void close() {
                // Nothing to give back.
            }
        };
    });

    @Test
    void aLeadThatIsLessThanTheSpreadIsChance() {
        enter(1, 10e-6, 11e-6, 12e-6, 13e-6, 14e-6);
        enter(2, 8e-6, 9e-6, 10e-6, 11e-6, 12.5e-6);
        assertThat(winner()).isEqualTo(1);
        enter(3, 7e-6, 8e-6, 9e-6, 10e-6, 11.5e-6);
        assertThat(winner()).isEqualTo(3);
        enter(4, 7e-6, 7e-6, 7e-6, 7e-6, 10e-6);
        assertThat(winner()).isEqualTo(3);
        assertThat(race.table().lines())
                .containsExactly(
                        "  12.00 us (10.00 to 14.00)",
                        "  10.00 us (8.00 to 12.50)",
                        "* 9.00 us (7.00 to 11.50)",
                        "  7.00 us (7.00 to 10.00)");
    }

    @Test
    void shortProductsRunTwentyTimesARoundAndLongOnesThrice() {
        enter(1, 10e-6, 10e-6, 10e-6, 10e-6, 10e-6);
        assertThat(calls).isEqualTo(1 + 20);
        calls = 0;
        enter(2, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3);
        assertThat(calls).isEqualTo(1 + 10);
        calls = 0;
        enter(3, 1, 1, 1, 1, 1);
        assertThat(calls).isEqualTo(1 + 3);
    }

    @Test
    void nobodyWinsWhereNobodyRan() {
        assertThat(race.winner()).isEmpty();
    }

    private int winner() {
        return race.winner().orElseThrow().algorithm()[0];
    }

    /** A first replay loads code, a second tells how long a call takes. */
    private void enter(int algorithm, double... seconds) {
        secondsOfOneCall.addAll(List.of(1.0, seconds[0]));
        Arrays.stream(seconds).forEach(secondsOfOneCall::add);
        race.run(new byte[] {(byte) algorithm}, () -> calls++);
    }
}
