package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Inputs of a transducer at random, and a gradient of its losses behind them. */
record TransducerInputs(Random random) {
    static final int UTTERANCES = 5;

    /** Without that gradient. */
    static Tensor[] first(Tensor... in) {
        return Arrays.copyOf(in, 7);
    }

    /** Of unequal lengths: full, empty, without labels, with all labels in few frames; symbols repeat. */
    Map<String, HostTensor> of(int frames, int labels, int joint, int symbols, double weight) {
        int[] spelled = random.ints(UTTERANCES * labels, 1, symbols).toArray();
        Arrays.fill(spelled, 0, (labels + 1) / 2, 1);
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("e", normal(1, UTTERANCES, frames, joint));
        inputs.put("p", normal(1, UTTERANCES, labels + 1, joint));
        inputs.put("w", normal(weight, joint, symbols));
        inputs.put("b", normal(weight, symbols));
        inputs.put("labels", HostTensor.of(spelled, UTTERANCES, labels));
        inputs.put("frames", HostTensor.of(new int[] {frames, 0, frames, 1, (frames + 1) / 2}, UTTERANCES));
        inputs.put("lengths", HostTensor.of(new int[] {labels, labels, 0, labels, labels / 2}, UTTERANCES));
        inputs.put("dy", normal(1, UTTERANCES));
        return inputs;
    }

    private HostTensor normal(double std, int... dims) {
        HostTensor values = HostTensor.zeros(new Type(DType.F32, Shape.of(dims)));
        for (int i = 0; i < values.floats().length; i++) {
            values.floats()[i] = (float) (std * random.nextGaussian());
        }
        return values;
    }
}
