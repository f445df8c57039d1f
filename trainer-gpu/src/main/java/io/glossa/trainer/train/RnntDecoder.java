package io.glossa.trainer.train;

import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Best;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The most probable label or blank of a transducer at each step, by loops over labels (Bataev et al. 2024, "Label-Looping"): a
 * step looks for the next label of many utterances at once, each at its own place, in a few frames in a row. As soon as an
 * utterance is at its end, its row is another's. What the joint network takes of frames is held for all utterances of a call: with
 * {@code joint-width} 512 that is as much as their log-mels.
 */
final class RnntDecoder implements Decoder {
    /** Frames that a step looks at: about as many as lie between two letters. */
    private static final int WINDOW = 4;

    /**
     * An utterance on its way.
     *
     * @param frames 10 ms each
     * @param encoded what the joint network takes of its encoder frames, [T · J]
     */
    private record Search(int frames, float[] encoded, LatticeWalk walk) {}

    private final Device device;
    private final State state;
    private final Rnnt model;
    private final int rows;
    private final int width;
    private final Inference encoder;
    private Executable step;

    RnntDecoder(Device device, State state, Buckets buckets, Rnnt model) {
        this.device = device;
        this.state = state;
        this.model = model;
        width = model.transducer().jointWidth();
        rows = buckets.table().get(0).utterances();
        int cells = Recognizer.cells(buckets);
        encoder = new Inference(
                device, state, buckets, model.model().mels(), bucket -> Recognizer.hearing(model, bucket, cells));
    }

    @Override
    public List<Hypothesis> recognize(List<float[]> utterances) {
        List<Search> all = encoder.run(utterances, (outputs, bucket, row, frames) -> {
            int from = row * bucket.encoderFrames() * width;
            int own = ModelConfig.encoderFrames(frames);
            float[] encoded = Arrays.copyOfRange(outputs.get(Rnnt.FRAMES).floats(), from, from + own * width);
            return new Search(frames, encoded, new LatticeWalk(own));
        });
        Deque<Search> waiting = new ArrayDeque<>(all);
        List<Search> active = new ArrayList<>();
        while (!waiting.isEmpty() || !active.isEmpty()) {
            while (active.size() < rows && !waiting.isEmpty()) {
                active.add(waiting.remove());
            }
            goOn(active);
            active.removeIf(search -> search.walk().isDone());
        }
        return all.stream()
                .map(search -> {
                    SymbolPath path = search.walk().path();
                    return path.hypothesis(model.symbols(), path.labels(), search.frames());
                })
                .toList();
    }

    /** One step of some utterances, no more than there are rows. */
    private void goOn(List<Search> active) {
        float[] frames = new float[rows * WINDOW * width];
        int[] last = new int[2 * rows];
        for (int row = 0; row < active.size(); row++) {
            Search search = active.get(row);
            int from = search.walk().frame() * width;
            int length = Math.min(WINDOW * width, search.encoded().length - from);
            System.arraycopy(search.encoded(), from, frames, row * WINDOW * width, length);
            last[2 * row] = search.walk().before();
            last[2 * row + 1] = search.walk().last();
        }
        Map<String, HostTensor> best = step().run(
                        state,
                        Map.of(
                                Rnnt.FRAMES, HostTensor.of(frames, rows, WINDOW, width),
                                Rnnt.LAST, HostTensor.of(last, rows, 2)));
        int[] symbols = best.get(Best.SYMBOL).ints();
        float[] logProbability = best.get(Best.LOG_PROBABILITY).floats();
        for (int row = 0; row < active.size(); row++) {
            active.get(row).walk().goOn(symbols, logProbability, row * WINDOW, WINDOW);
        }
    }

    private Executable step() {
        if (step == null) {
            Program program = Program.inference(
                    "transducer-" + rows + "x" + WINDOW, trace -> model.traceStep(trace, rows, WINDOW));
            step = Compile.program(program, new Trace(), device);
        }
        return step;
    }

    @Override
    public void close() {
        encoder.close();
        if (step != null) {
            step.close();
        }
    }
}
