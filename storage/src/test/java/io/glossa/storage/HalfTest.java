package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfTest {
    @Test
    void everyHalfSurvivesTheRoundTrip() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(Half.fromFloat(value)).as("half %04x", bits).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void floatsGoToTheNearestHalf() {
        long seed = 20_26;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(44) - 28));
            if (Math.abs(value) >= 65504) {
                continue;
            }
            short half = Half.fromFloat(value);
            double error = Math.abs(Half.toFloat(half) - (double) value);
            for (int neighbour : new int[] {half - 1, half + 1}) {
                float other = Half.toFloat((short) neighbour);
                if (Float.isFinite(other) && Math.signum(other) == Math.signum(value)) {
                    assertThat(error)
                            .as("%s, seed %d", value, seed)
                            .isLessThanOrEqualTo(Math.abs(other - (double) value));
                }
            }
        }
    }

    @Test
    void knownValues() {
        assertThat(Half.encode(new float[] {1, -2, 65504, 1e6f, 0}))
                .containsExactly(0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x00, 0x7c, 0x00, 0x00);
        assertThat(Half.decode(ByteBuffer.wrap(new byte[] {0x00, 0x3c, 0x00, (byte) 0xc0})))
                .containsExactly(1, -2);
        assertThat(Half.toFloat(Half.fromFloat(Float.NaN))).isNaN();
    }
}
