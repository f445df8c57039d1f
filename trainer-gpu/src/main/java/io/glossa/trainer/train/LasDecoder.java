package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.objective.LogProbabilities;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One symbol after another, until that is the end ({@link LasSearch}): of a batch after the other, all utterances of one step by
 * step. What the decoder's blocks take of frames and of earlier symbols stays on the device. A text has at most a symbol for each
 * encoder frame of its utterance, 25 a second.
 */
final class LasDecoder implements Decoder {
    private final State state;
    private final Las model;
    private final Inference encoder;
    private final Programs steps;

    LasDecoder(Device device, State state, Buckets buckets, Las model) {
        this.state = state;
        this.model = model;
        int cells = Recognizer.cells(buckets);
        int mels = model.model().mels();
        encoder = new Inference(device, state, buckets, mels, bucket -> Recognizer.hearing(model, bucket, cells));
        steps = new Programs(
                device,
                bucket -> Program.inference("spell-" + bucket.name(), trace -> model.traceStep(trace, bucket, cells)),
                Entry.STEP,
                Sharding.NONE);
    }

    @Override
    public List<Hypothesis> recognize(List<float[]> utterances) {
        return encoder.runBatches(utterances, this::spelled);
    }

    private List<Hypothesis> spelled(Map<String, HostTensor> heard, Bucket bucket, int[] frames) {
        int rows = bucket.utterances();
        int symbols = model.symbols().size();
        List<LasSearch> searches = IntStream.range(0, frames.length)
                .mapToObj(row -> search(heard, bucket, row, ModelConfig.encoderFrames(frames[row])))
                .toList();
        int[] last = new int[rows];
        HostTensor lengths = HostTensor.of(Arrays.copyOf(frames, rows), rows);
        for (int place = 0; searches.stream().anyMatch(LasSearch::isOpen); place++) {
            float[] next = steps.run(
                            bucket,
                            state,
                            Map.of(
                                    Inputs.LENGTHS, lengths,
                                    Las.LAST, HostTensor.of(last, rows),
                                    Las.PLACE, HostTensor.scalar(place)))
                    .get(LogProbabilities.NAME)
                    .floats();
            for (int row = 0; row < frames.length; row++) {
                if (searches.get(row).isOpen()) {
                    last[row] = searches.get(row).add(next, row * symbols, symbols);
                }
            }
        }
        return IntStream.range(0, frames.length)
                .mapToObj(row -> searches.get(row).hypothesis(model.symbols(), frames[row]))
                .toList();
    }

    private LasSearch search(Map<String, HostTensor> heard, Bucket bucket, int row, int encoderFrames) {
        int symbols = model.symbols().size();
        Optional<CtcPrefix> ctc = Optional.ofNullable(heard.get(LogProbabilities.NAME))
                .map(all ->
                        CtcPrefix.empty(all.floats(), row * bucket.encoderFrames() * symbols, encoderFrames, symbols));
        return new LasSearch(encoderFrames, ctc, model.las().ctcWeight());
    }

    @Override
    public void close() {
        encoder.close();
        steps.close();
    }
}
