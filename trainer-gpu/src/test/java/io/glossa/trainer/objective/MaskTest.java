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
        int firstStream = 9;
        int[] lengths = {60, 31, 1, 0};
        int[] masked = draw(seed, firstStream, lengths, 60);
        for (int row = 0; row < lengths.length; row++) {
            boolean[] expected = new boolean[60];
            for (int start = -(SPAN - 1); start < 60; start++) {
                if (Philox.uniform(seed, firstStream + row, Purpose.SPAN_STARTS, start + SPAN - 1) < (float) START) {
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

    @ParameterizedTest
    @CsvSource({"0.15, 5", "0.5, 15", "0.4, 1", "0, 3"})
    void theShareAskedForIsMasked(double share, int span) {
        int seed = new Random().nextInt();
        int[] lengths = new int[500];
        Arrays.fill(lengths, 200);
        int[] masked = draw(seed, 1, lengths, 200, SpanMask.start(share, span), span);
        double deviation = Math.sqrt(share * (1 - share) * span / masked.length);
        assertThat(Arrays.stream(masked).sum() / (double) masked.length)
                .as("seed %d", seed)
                .isCloseTo(share, within(6 * deviation));
    }

    @Test
    void anotherStreamDrawsOtherMasks() {
        int[] lengths = {200};
        assertThat(draw(1, 1, lengths, 200)).isNotEqualTo(draw(1, 2, lengths, 200));
        assertThat(draw(1, 1, lengths, 200)).isEqualTo(draw(1, 1, lengths, 200));
    }

    @Test
    void aMaskDependsOnItsOwnStreamAlone() {
        int[] together = draw(4, 9, new int[] {60, 31, 44}, 60);
        int[] alone = draw(4, 10, new int[] {31}, 60);
        int[] inALongerBatch = draw(4, 10, new int[] {31}, 90);
        assertThat(Arrays.copyOfRange(together, 60, 91)).isEqualTo(Arrays.copyOf(alone, 31));
        assertThat(Arrays.copyOf(inALongerBatch, 31)).isEqualTo(Arrays.copyOf(alone, 31));
    }

    /** Batches that utterances fill, from one of a second to one of a GPU's. */
    @ParameterizedTest
    @CsvSource({"1, 25", "1, 100", "33, 30", "10, 100", "2, 500", "1, 800", "64, 400"})
    void fewerThanOneMaskedFrameInAThousandHasNoRoom(int utterances, int frames) {
        int rows = BestRqConfig.DEFAULTS.rows(utterances, frames);
        int seed = new Random().nextInt();
        long masked = 0;
        long dropped = 0;
        Random random = new Random(seed);
        for (int batch = 0; batch < 4_000_000 / (utterances * frames); batch++) {
            int here = 0;
            for (int utterance = 0; utterance < utterances; utterance++) {
                int left = 0;
                for (int t = 1 - SPAN; t < frames; t++) {
                    left = random.nextDouble() < START ? SPAN : left - 1;
                    here += t >= 0 && left > 0 ? 1 : 0;
                }
            }
            masked += here;
            dropped += Math.max(0, here - rows);
        }
        assertThat(dropped / (double) masked)
                .as("of %d rows, seed %d", rows, seed)
                .isLessThan(1e-3);
        assertThat(rows).isLessThanOrEqualTo(utterances * frames);
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

    private static int[] draw(int seed, int firstStream, int[] lengths, int extent) {
        return draw(seed, firstStream, lengths, extent, START, SPAN);
    }

    private static int[] draw(int seed, int firstStream, int[] lengths, int extent, double start, int span) {
        Map<String, HostTensor> batch = new HashMap<>(Evaluate.randomness(seed, firstStream, lengths.length));
        batch.put("lengths", HostTensor.of(lengths, lengths.length));
        return Evaluate.reference(batch, trace -> {
                    Lengths counts = Lengths.of(trace.batch("lengths", DType.I32, lengths.length), extent);
                    return SpanMask.draw(
                                    trace.seed(), Evaluate.streams(trace, lengths.length), counts.real(), start, span)
                            .cast(DType.I32);
                })
                .ints();
    }
}
