package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Symbols laid out over frames against a loop over frames. */
class UpsamplingTest {
    private static final int FRAMES = 7;
    private static final int LABELS = 9;
    private static final int LAST_FRAMES = 2;

    @Test
    void eachFrameHasTheLastSymbolThatStarted() {
        int seed = new Random().nextInt();
        Random random = new Random(seed);
        int[][] starts = {
            {}, // no symbol
            {0},
            {3}, // none before
            {6}, // the last frame
            {0, 2, 3, 5},
            {1, 1, 1, 4, 4}, // several in one frame
            {0, 0, 1, 2, 3, 3, 5, 6, 6}, // more than frames
            {-1, -1}, // of an utterance without frames
            random.ints(4, 0, FRAMES).sorted().toArray()
        };
        int[] labels = random.ints(starts.length * LABELS, 1, 6).toArray();
        Map<String, HostTensor> found = upsampled(labels, starts);
        for (int row = 0; row < starts.length; row++) {
            int[] symbols = new int[FRAMES];
            int[] window = new int[FRAMES];
            int count = starts[row].length;
            for (int t = 0; t < FRAMES; t++) {
                for (int u = 0; u < count; u++) {
                    if (starts[row][u] >= 0 && starts[row][u] <= t) {
                        symbols[t] = labels[row * LABELS + u];
                        window[t] = t < starts[row][count - 1] + LAST_FRAMES ? 1 : 0;
                    }
                }
            }
            assertThat(row(found.get("symbols"), row))
                    .as("symbols of row %d, seed %d", row, seed)
                    .isEqualTo(symbols);
            assertThat(row(found.get("window"), row))
                    .as("window of row %d, seed %d", row, seed)
                    .isEqualTo(window);
        }
    }

    /** What stands beyond the length, zeros, starts nothing. */
    private static Map<String, HostTensor> upsampled(int[] labels, int[][] starts) {
        int rows = starts.length;
        Trace trace = new Trace();
        Upsampling upsampling = Upsampling.of(
                trace.batch("labels", DType.I32, rows, LABELS),
                trace.batch("lengths", DType.I32, rows),
                trace.batch("starts", DType.I32, rows, LABELS),
                FRAMES);
        trace.output("symbols", upsampling.symbols());
        trace.output("window", upsampling.window(LAST_FRAMES).cast(DType.I32));
        int[] flat = Arrays.stream(starts)
                .flatMapToInt(row -> Arrays.stream(Arrays.copyOf(row, LABELS)))
                .toArray();
        int[] lengths = Arrays.stream(starts).mapToInt(row -> row.length).toArray();
        return Runs.once(
                new ReferenceDevice(),
                Graph.of(trace.builder(), trace.outputs()),
                Map.of(),
                Map.of(
                        "labels", HostTensor.of(labels, rows, LABELS),
                        "lengths", HostTensor.of(lengths, rows),
                        "starts", HostTensor.of(flat, rows, LABELS)));
    }

    private static int[] row(HostTensor all, int row) {
        return Arrays.copyOfRange(all.ints(), row * FRAMES, (row + 1) * FRAMES);
    }
}
