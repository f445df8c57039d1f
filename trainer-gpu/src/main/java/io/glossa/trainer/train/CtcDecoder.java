package io.glossa.trainer.train;

import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Best;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.LogProbabilities;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import java.util.Arrays;
import java.util.List;

/** The most probable symbol of each frame, all of which one program names. */
final class CtcDecoder implements Decoder {
    private final Ctc model;
    private final Inference paths;
    private final Inference logProbabilities;

    CtcDecoder(Device device, State state, Buckets buckets, Ctc model) {
        this.model = model;
        int mels = model.model().mels();
        int cells = Recognizer.cells(buckets);
        paths = new Inference(device, state, buckets, mels, bucket -> Recognizer.hearing(model, bucket, cells));
        logProbabilities = new Inference(
                device,
                state,
                buckets,
                mels,
                bucket -> Program.inference(
                        "log-probabilities-" + bucket.name(), trace -> model.traceLogProbabilities(trace, bucket)));
    }

    @Override
    public List<Hypothesis> recognize(List<float[]> utterances) {
        return paths.run(utterances, (outputs, bucket, row, frames) -> {
            int from = row * bucket.encoderFrames();
            SymbolPath path = new SymbolPath();
            for (int t = from; t < from + ModelConfig.encoderFrames(frames); t++) {
                path.add(
                        outputs.get(Best.SYMBOL).ints()[t],
                        outputs.get(Best.LOG_PROBABILITY).floats()[t]);
            }
            return path.hypothesis(model.symbols(), CtcPaths.collapse(path.symbols()), frames);
        });
    }

    /** As {@link Recognizer#logProbabilities}. */
    List<float[]> logProbabilities(List<float[]> utterances) {
        int symbols = model.symbols().size();
        return logProbabilities.run(utterances, (outputs, bucket, row, frames) -> {
            int from = row * bucket.encoderFrames() * symbols;
            int to = from + ModelConfig.encoderFrames(frames) * symbols;
            return Arrays.copyOfRange(outputs.get(LogProbabilities.NAME).floats(), from, to);
        });
    }

    @Override
    public void close() {
        paths.close();
        logProbabilities.close();
    }
}
