package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.CtcPaths;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A trained CTC model: log-mels in, text out, by the most probable symbol of each frame. Not for several threads. */
public final class Recognizer implements AutoCloseable {
    private final Ctc model;
    private final Buckets buckets;
    private final Programs programs;
    private final State state;

    private Recognizer(Device device, Ctc model, Buckets buckets, State state) {
        this.model = model;
        this.buckets = buckets;
        this.state = state;
        this.programs = new Programs(device, bucket -> program(model, bucket));
    }

    /**
     * Loads a model.
     *
     * @param batchSeconds audio to recognise at once, padding included
     * @throws GlossaException of type USER if the checkpoint is not of a recogniser
     */
    public static Recognizer open(Device device, Checkpoint checkpoint, double batchSeconds) {
        if (!checkpoint.meta().kind().equals(Ctc.KIND)) {
            throw GlossaException.user("Cannot recognise with a checkpoint of kind '"
                    + checkpoint.meta().kind() + "', expected '" + Ctc.KIND + "' (fine-tune it first)");
        }
        Ctc model = Ctc.of(checkpoint.meta().config());
        TrainConfig trained = TrainConfig.DEFAULTS;
        Buckets buckets =
                Buckets.of(trained.buckets().stream().map(Integer::valueOf).toList(), batchSeconds);
        Trace trace = new Trace();
        Joint.graph(program(model, buckets.table().get(0)), trace);
        State state = device.allocate(
                ModelTensors.made(ModelTensors.write(checkpoint.model(), ModelTensors.model(trace), "model")));
        return new Recognizer(device, model, buckets, state);
    }

    /** The characters that it writes. */
    public SymbolTable symbols() {
        return model.symbols();
    }

    /**
     * Recognises utterances, in batches of similar length.
     *
     * @param utterances log-mels, frame-major [frames × mels]
     * @return a hypothesis for each, in their order
     * @throws GlossaException of type DATA for an utterance longer than the longest bucket
     */
    public List<Hypothesis> recognize(List<float[]> utterances) {
        Map<Bucket, List<Integer>> byBucket = new LinkedHashMap<>();
        for (int i = 0; i < utterances.size(); i++) {
            byBucket.computeIfAbsent(bucket(utterances.get(i)), b -> new ArrayList<>())
                    .add(i);
        }
        Hypothesis[] hypotheses = new Hypothesis[utterances.size()];
        byBucket.forEach((bucket, indices) -> {
            for (int from = 0; from < indices.size(); from += bucket.utterances()) {
                List<Integer> part = indices.subList(from, Math.min(indices.size(), from + bucket.utterances()));
                List<Hypothesis> found =
                        batch(bucket, part.stream().map(utterances::get).toList());
                for (int row = 0; row < part.size(); row++) {
                    hypotheses[part.get(row)] = found.get(row);
                }
            }
        });
        return List.of(hypotheses);
    }

    @Override
    public void close() {
        programs.close();
        state.close();
    }

    private static Program program(Ctc model, Bucket bucket) {
        return Program.inference("recognise-" + bucket.name(), trace -> model.traceRecognition(trace, bucket));
    }

    private Bucket bucket(float[] features) {
        int frames = features.length / model.model().mels();
        return buckets.fitting(frames)
                .orElseThrow(() -> GlossaException.data("Cannot recognise an utterance of " + frames
                        + " frames: expected at most " + buckets.longest() + " (cut it first)"));
    }

    private List<Hypothesis> batch(Bucket bucket, List<float[]> utterances) {
        int mels = model.model().mels();
        Map<String, HostTensor> outputs = programs.run(
                bucket,
                state,
                Map.of(
                        Inputs.FEATURES, BatchTensors.features(utterances, bucket, mels),
                        Inputs.LENGTHS, BatchTensors.lengths(utterances, bucket, mels)));
        int[] best = outputs.get("best").ints();
        float[] logProbability = outputs.get("log-probability").floats();
        List<Hypothesis> hypotheses = new ArrayList<>();
        for (int row = 0; row < utterances.size(); row++) {
            int frames = utterances.get(row).length / mels;
            int from = row * bucket.encoderFrames();
            int to = from + ModelConfig.encoderFrames(frames);
            hypotheses.add(hypothesis(
                    Arrays.copyOfRange(best, from, to), Arrays.copyOfRange(logProbability, from, to), frames));
        }
        return hypotheses;
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
        return new Hypothesis(model.symbols().decode(CtcPaths.collapse(path)), score, confidence, frames);
    }
}
