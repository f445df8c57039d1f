package io.glossa.trainer.train;

import static java.util.stream.Collectors.toMap;

import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Recognition;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A trained recogniser of any head: log-mels in; out comes text, by the most probable symbol at each step, or, of CTC, the
 * log-probabilities of all symbols. Not for several threads at once.
 */
public final class Recognizer implements AutoCloseable {
    private final Recognition model;
    private final Buckets buckets;
    private final State state;
    private final Decoder decoder;

    private Recognizer(Device device, Recognition model, Buckets buckets, State state) {
        this.model = model;
        this.buckets = buckets;
        this.state = state;
        decoder = Decoder.of(device, state, buckets, model);
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
                (frames, model) ->
                        InferenceBatch.buckets(device, frames, bucket -> hearing(model, bucket, cells(bucket))));
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
            Device device, Checkpoint checkpoint, BiFunction<List<Integer>, Recognition, Buckets> choice) {
        String kind = checkpoint.meta().kind();
        Recognition model = Head.recognition(kind, checkpoint.meta().config())
                .orElseThrow(() -> GlossaException.user("Cannot recognise with a checkpoint of kind '" + kind
                        + "', expected one of " + String.join(", ", Head.kinds()) + " (fine-tune it first)"));
        model.requireSymbolsOf(checkpoint.model().entrySet().stream()
                .collect(toMap(Map.Entry::getKey, each -> each.getValue().shape())));
        Buckets buckets = choice.apply(Buckets.USUAL, model);
        Trace trace = new Trace();
        Joint.graph(hearing(model, buckets.table().get(0), cells(buckets)), trace);
        Map<String, LazyTensor> values = new HashMap<>(trace.initial(0));
        values.keySet().retainAll(trace.declared(Attr.Role.STATE).keySet());
        values.putAll(ModelTensors.write(checkpoint.model(), ModelTensors.model(trace), "model"));
        return new Recognizer(device, model, buckets, device.allocate(values));
    }

    /** The program that hears a batch. */
    static Program hearing(Recognition model, Bucket bucket, int cells) {
        return Program.inference("recognise-" + bucket.name(), trace -> model.traceRecognition(trace, bucket, cells));
    }

    /** Rows times encoder frames of the largest batch. */
    static int cells(Buckets buckets) {
        return buckets.table().stream().mapToInt(Recognizer::cells).max().orElseThrow();
    }

    private static int cells(Bucket bucket) {
        return bucket.utterances() * bucket.encoderFrames();
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
        return decoder.recognize(utterances);
    }

    /**
     * What the model thinks of each symbol in each frame, for searches that weigh it with something else. This is V times
     * what {@link #recognize} copies from the device.
     *
     * @param utterances as for {@link #recognize}
     * @return for each, in their order, natural logarithms of probabilities, frame-major [encoder frames × V], V being the
     *     size of {@link #symbols}, blank included
     * @throws GlossaException of type USER for a head whose frames have no probabilities by themselves
     */
    public List<float[]> logProbabilities(List<float[]> utterances) {
        if (decoder instanceof CtcDecoder ctc) {
            return ctc.logProbabilities(utterances);
        }
        throw GlossaException.user("Cannot give the log-probabilities of symbols in frames: found a model of kind '"
                + model.kind() + "', whose symbols depend on those before, expected " + Head.CTC.kind());
    }

    @Override
    public void close() {
        decoder.close();
        state.close();
    }
}
