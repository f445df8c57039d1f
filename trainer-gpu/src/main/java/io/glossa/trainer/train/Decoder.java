package io.glossa.trainer.train;

import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.objective.Recognition;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import java.util.List;

/** Finds what a model with some head says, by the most probable symbol at each step. */
interface Decoder extends AutoCloseable {
    /** @param state of the model, which the caller closes */
    static Decoder of(Device device, State state, Buckets buckets, Recognition model) {
        if (model instanceof Ctc ctc) {
            return new CtcDecoder(device, state, buckets, ctc);
        }
        if (model instanceof Rnnt rnnt) {
            return new RnntDecoder(device, state, buckets, rnnt);
        }
        return new LasDecoder(device, state, buckets, (Las) model);
    }

    /** As {@link Recognizer#recognize}. */
    List<Hypothesis> recognize(List<float[]> utterances);

    @Override
    void close();
}
