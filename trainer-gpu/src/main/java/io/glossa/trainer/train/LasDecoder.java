package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Best;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The most probable symbol after those before, until that is the end: of a batch after the other, all utterances of one step by
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
        return encoder.runBatches(utterances, (outputs, bucket, frames) -> spelled(bucket, frames));
    }

    private List<Hypothesis> spelled(Bucket bucket, int[] frames) {
        int rows = bucket.utterances();
        int[] limits = Arrays.stream(frames).map(ModelConfig::encoderFrames).toArray();
        List<SymbolPath> paths =
                Stream.generate(SymbolPath::new).limit(frames.length).toList();
        int[] last = new int[rows];
        HostTensor lengths = HostTensor.of(Arrays.copyOf(frames, rows), rows);
        int open = frames.length;
        for (int place = 0; open > 0; place++) {
            Map<String, HostTensor> best = steps.run(
                    bucket,
                    state,
                    Map.of(
                            Inputs.LENGTHS, lengths,
                            Las.LAST, HostTensor.of(last, rows),
                            Las.PLACE, HostTensor.scalar(place)));
            int[] symbols = best.get(Best.SYMBOL).ints();
            open = 0;
            for (int row = 0; row < frames.length; row++) {
                if (isOpen(paths.get(row), limits[row])) {
                    last[row] = symbols[row];
                    paths.get(row)
                            .add(symbols[row], best.get(Best.LOG_PROBABILITY).floats()[row]);
                    open += isOpen(paths.get(row), limits[row]) ? 1 : 0;
                }
            }
        }
        return IntStream.range(0, frames.length)
                .mapToObj(row -> paths.get(row)
                        .hypothesis(model.symbols(), paths.get(row).labels(), frames[row]))
                .toList();
    }

    private static boolean isOpen(SymbolPath path, int limit) {
        return path.steps() < limit && !path.endsWithBlank();
    }

    @Override
    public void close() {
        encoder.close();
        steps.close();
    }
}
