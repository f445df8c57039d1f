package io.glossa.trainer.train;

import static java.util.stream.Collectors.toMap;

import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A trained CTC model: log-mels in; out comes text, by the most probable symbol of each frame, or the log-probabilities of
 * all symbols. Not for several threads at once.
 */
public final class Recognizer implements AutoCloseable {
    private final Ctc model;
    private final Buckets buckets;
    private final State state;
    private final Inference paths;
    private final Inference logProbabilities;

    private Recognizer(Device device, Ctc model, Buckets buckets, State state) {
        this.model = model;
        this.buckets = buckets;
        this.state = state;
        int mels = model.model().mels();
        paths = new Inference(device, state, buckets, mels, bucket -> paths(model, bucket));
        logProbabilities = new Inference(device, state, buckets, mels, bucket -> logProbabilities(model, bucket));
    }

    /**
     * Loads a model, to recognise in batches that suit the device: small ones where programs share the machine's memory, and
     * where the device has its own as much as keeps it busy and fits.
     *
     * @throws GlossaException of type USER if the checkpoint is not of a recogniser, of type RESOURCE if the device has too
     *     little memory for it
     */
    public static Recognizer open(Device device, Checkpoint checkpoint) {
        return open(
                device,
                checkpoint,
                (frames, model) -> InferenceBatch.buckets(device, frames, bucket -> paths(model, bucket)));
    }

    /**
     * Loads a model.
     *
     * @param batchSeconds audio to recognise at once, padding included
     * @throws GlossaException of type USER if the checkpoint is not of a recogniser
     */
    public static Recognizer open(Device device, Checkpoint checkpoint, double batchSeconds) {
        return open(device, checkpoint, (frames, model) -> Buckets.of(frames, batchSeconds));
    }

    private static Recognizer open(
            Device device, Checkpoint checkpoint, BiFunction<List<Integer>, Ctc, Buckets> choice) {
        if (!checkpoint.meta().kind().equals(Ctc.KIND)) {
            throw GlossaException.user("Cannot recognise with a checkpoint of kind '"
                    + checkpoint.meta().kind() + "', expected '" + Ctc.KIND + "' (fine-tune it first)");
        }
        Ctc model = Ctc.of(checkpoint.meta().config());
        model.requireSymbolsOf(checkpoint.model().entrySet().stream()
                .collect(toMap(Map.Entry::getKey, each -> each.getValue().shape())));
        Buckets buckets = choice.apply(Buckets.USUAL, model);
        Trace trace = new Trace();
        Joint.graph(paths(model, buckets.table().get(0)), trace);
        State state = device.allocate(ModelTensors.write(checkpoint.model(), ModelTensors.model(trace), "model"));
        return new Recognizer(device, model, buckets, state);
    }

    /** What it writes. */
    public SymbolTable symbols() {
        return model.symbols();
    }

    /** Frames of log-mels, 10 ms each, that it takes at once at most, padding included. */
    public int batchFrames() {
        return buckets.table().stream()
                .mapToInt(bucket -> bucket.utterances() * bucket.frames())
                .max()
                .orElseThrow();
    }

    /**
     * Recognises utterances, in batches of similar length.
     *
     * @param utterances log-mels, frame-major [frames × mels]
     * @return a hypothesis for each, in their order
     * @throws GlossaException of type DATA for an utterance longer than the longest bucket
     */
    public List<Hypothesis> recognize(List<float[]> utterances) {
        return paths.run(utterances, (outputs, bucket, row, frames) -> {
            int from = row * bucket.encoderFrames();
            int to = from + ModelConfig.encoderFrames(frames);
            return hypothesis(
                    Arrays.copyOfRange(outputs.get("best").ints(), from, to),
                    Arrays.copyOfRange(outputs.get("log-probability").floats(), from, to),
                    frames);
        });
    }

    /**
     * What the model thinks of each symbol in each frame, for searches that weigh it with something else. This is V times
     * what {@link #recognize} copies from the device.
     *
     * @param utterances as for {@link #recognize}
     * @return for each, in their order, natural logarithms of probabilities, frame-major [encoder frames × V], V being the
     *     size of {@link #symbols}, blank included
     */
    public List<float[]> logProbabilities(List<float[]> utterances) {
        int symbols = model.symbols().size();
        return logProbabilities.run(utterances, (outputs, bucket, row, frames) -> {
            int from = row * bucket.encoderFrames() * symbols;
            int to = from + ModelConfig.encoderFrames(frames) * symbols;
            return Arrays.copyOfRange(outputs.get("log-probabilities").floats(), from, to);
        });
    }

    @Override
    public void close() {
        paths.close();
        logProbabilities.close();
        state.close();
    }

    private static Program paths(Ctc model, Bucket bucket) {
        return Program.inference("recognise-" + bucket.name(), trace -> model.traceRecognition(trace, bucket));
    }

    private static Program logProbabilities(Ctc model, Bucket bucket) {
        return Program.inference(
                "log-probabilities-" + bucket.name(), trace -> model.traceLogProbabilities(trace, bucket));
    }

    private Hypothesis hypothesis(int[] path, float[] logProbability, int frames) {
        double score = 0;
        double named = 0;
        int count = 0;
        for (int t = 0; t < path.length; t++) {
            score += logProbability[t];
            if (path[t] != SymbolTable.BLANK) {
                named += logProbability[t];
                count++;
            }
        }
        double confidence = count == 0 ? 0 : Math.exp(named / count);
        int[] symbols = CtcPaths.collapse(path);
        return new Hypothesis(
                model.symbols().decode(symbols), model.symbols().hasUnknown(symbols), score, confidence, frames);
    }
}
