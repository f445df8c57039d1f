package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.runtime.Philox;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecAugmentTest {
    private static final int MELS = 40;

    @Test
    void hidesWhatASlowLoopHides() {
        int seed = 3;
        int firstStream = 5;
        int extent = 840;
        int[] lengths = {840, 390, 12};
        float[] features = new float[lengths.length * extent * MELS];
        Arrays.fill(features, 7);
        Map<String, HostTensor> batch = new HashMap<>(Evaluate.randomness(seed, firstStream, lengths.length));
        batch.put("features", HostTensor.of(features, lengths.length, extent, MELS));
        batch.put("lengths", HostTensor.of(lengths, lengths.length));
        float[] found = Evaluate.reference(
                        batch,
                        trace -> new SpecAugment(trace.seed(), Evaluate.streams(trace, lengths.length))
                                .apply(
                                        trace.batch("features", DType.F32, lengths.length, extent, MELS),
                                        Lengths.of(trace.batch("lengths", DType.I32, lengths.length), extent)))
                .floats();
        for (int row = 0; row < lengths.length; row++) {
            boolean[] bins = new boolean[MELS];
            for (int i = 0; i < 2; i++) {
                hide(bins, draw(seed, firstStream + row, Purpose.FREQUENCY_MASKS, 2 * i, 2), 27, MELS);
            }
            boolean[] frames = new boolean[extent];
            int widest = Math.max(1, lengths[row] / 20);
            for (int i = 0; i < Math.max(1, lengths[row] / 200); i++) {
                hide(frames, draw(seed, firstStream + row, Purpose.TIME_MASKS, 2 * i, 2), widest, lengths[row]);
            }
            for (int t = 0; t < lengths[row]; t++) {
                for (int m = 0; m < MELS; m++) {
                    float value = found[(row * extent + t) * MELS + m];
                    String as = "row %d frame %d bin %d".formatted(row, t, m);
                    if (frames[t]) {
                        assertThat(value).as(as).isNotIn(0f, 7f).isBetween(-0.7f, 0.7f);
                    } else {
                        assertThat(value).as(as).isEqualTo(bins[m] ? 0 : 7);
                    }
                }
            }
        }
    }

    private static float[] draw(int seed, int stream, int purpose, int from, int count) {
        float[] draws = new float[count];
        for (int i = 0; i < count; i++) {
            draws[i] = Philox.uniform(seed, stream, purpose, from + i);
        }
        return draws;
    }

    private static void hide(boolean[] places, float[] draws, int widest, int extent) {
        int width = (int) (draws[0] * (widest + 1));
        int start = (int) (draws[1] * (extent - width + 1));
        Arrays.fill(places, start, start + width, true);
    }
}
