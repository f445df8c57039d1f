package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OrderHashTest {
    /** It is stored: it must not change from version to version. */
    @Test
    void isForEver() {
        assertThat(OrderHash.of("u1")).isEqualTo(1417450264897169917L);
        assertThat(OrderHash.of("")).isZero();
    }

    @Test
    void blocksDivideItEvenly() {
        int[] counts = new int[16];
        for (int i = 0; i < 16_000; i++) {
            long hash = OrderHash.of("utterance-" + i);
            int block = OrderHash.block(hash, 16);
            counts[block]++;
            assertThat(hash).isBetween(OrderHash.first(block, 16), OrderHash.last(block, 16));
            assertThat(OrderHash.block(hash, 1)).isZero();
            assertThat(OrderHash.block(hash, 8)).isEqualTo(block / 2);
        }
        assertThat(Arrays.stream(counts)).allMatch(count -> count > 850 && count < 1150);
        assertThat(OrderHash.last(0, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(OrderHash.last(15, 16)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLengthClassIsTheShortestThatHoldsIt() {
        assertThat(LengthClass.of(1)).isEqualTo(100);
        assertThat(LengthClass.of(120)).isEqualTo(120);
        assertThat(LengthClass.of(121)).isEqualTo(140);
        assertThat(LengthClass.of(3201)).isGreaterThan(3201);
        assertThat(LengthClass.between(0, 80)).containsExactly(100);
        assertThat(LengthClass.between(120, 220)).containsExactly(140, 180, 220);
        assertThat(LengthClass.between(150, 4000)).startsWith(180).hasSize(21);
    }
}
