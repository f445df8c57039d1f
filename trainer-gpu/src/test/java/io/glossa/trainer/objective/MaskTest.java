package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.runtime.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Masks and their rows against loops over frames. */
class MaskTest {
    private static final int SPAN = 10;
    private static final double START = 0.04;

    @Test
    void spansAreThoseOfASlowLoop() {
        int seed = 4;
        int step = 9;
        int[] lengths = {60, 31, 1, 0};
        int[] masked = draw(seed, step, lengths, 60);
        for (int row = 0; row < lengths.length; row++) {
            boolean[] expected = new boolean[60];
            for (int start = -(SPAN - 1); start < 60; start++) {
                long index = row * (60 + SPAN - 1L) + start + SPAN - 1;
                if (Philox.uniform(seed, step, Purpose.SPAN_STARTS, index) < (float) START) {
                    for (int t = Math.max(0, start); t < Math.min(lengths[row], start + SPAN); t++) {
                        expected[t] = true;
                    }
                }
            }
            for (int t = 0; t < 60; t++) {
                assertThat(masked[row * 60 + t]).as("row %d frame %d", row, t).isEqualTo(expected[t] ? 1 : 0);
            }
        }
    }

    @Test
    void everyFrameIsMaskedAboutAThirdOfTheTime() {
        int[] lengths = new int[400];
        Arrays.fill(lengths, 50);
        int[] counts = new int[50];
        int[] masked = draw(1, 1, lengths, 50);
        for (int i = 0; i < masked.length; i++) {
            counts[i % 50] += masked[i];
        }
        double expected = 1 - Math.pow(1 - START, SPAN);
        for (int count : counts) {
            assertThat(count / 400.0).isCloseTo(expected, within(0.1));
        }
    }

    @Test
    void anotherStepDrawsOtherMasks() {
        int[] lengths = {200};
        assertThat(draw(1, 1, lengths, 200)).isNotEqualTo(draw(1, 2, lengths, 200));
        assertThat(draw(1, 1, lengths, 200)).isEqualTo(draw(1, 1, lengths, 200));
    }

    @ParameterizedTest
    @CsvSource({"30, 12, 0.3", "30, 12, 0.9", "5, 5, 1.0", "7, 3, 0.0", "1, 1, 1.0"})
    void rowsAreTheFirstMaskedFrames(int frames, int capacity, double share) {
        Random random = new Random(frames);
        int[] masked = random.doubles(frames).mapToInt(x -> x < share ? 1 : 0).toArray();
        List<Integer> expected = new ArrayList<>();
        for (int t = 0; t < frames && expected.size() < capacity; t++) {
            if (masked[t] == 1) {
                expected.add(t);
            }
        }
        Map<String, HostTensor> batch = Map.of("masked", HostTensor.of(masked, frames));
        HostTensor at = Evaluate.reference(
                batch,
                trace -> MaskedRows.of(trace.batch("masked", DType.I32, frames).cast(DType.BOOL), capacity)
                        .at());
        HostTensor weights = Evaluate.reference(
                batch,
                trace -> MaskedRows.of(trace.batch("masked", DType.I32, frames).cast(DType.BOOL), capacity)
                        .weights());
        for (int r = 0; r < capacity; r++) {
            assertThat(at.ints()[r]).isEqualTo(r < expected.size() ? expected.get(r) : -1);
            assertThat(weights.floats()[r]).isEqualTo(r < expected.size() ? 1 : 0);
        }
    }

    private static int[] draw(int seed, int step, int[] lengths, int extent) {
        Map<String, HostTensor> batch = new HashMap<>(Evaluate.randomness(seed, step));
        batch.put("lengths", HostTensor.of(lengths, lengths.length));
        return Evaluate.reference(batch, trace -> {
                    Lengths counts = Lengths.of(trace.batch("lengths", DType.I32, lengths.length), extent);
                    return SpanMask.draw(trace.seed(), trace.step(), counts.real(), START, SPAN)
                            .cast(DType.I32);
                })
                .ints();
    }
}
