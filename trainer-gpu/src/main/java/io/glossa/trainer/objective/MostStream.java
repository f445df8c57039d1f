package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.nn.ModelConfig;
import java.util.Map;

/** One of MOST's streams. */
interface MostStream extends Objective {
    Most most();

    @Override
    default ModelConfig model() {
        return most().model();
    }

    @Override
    default Map<String, String> config() {
        return most().config();
    }

    /** Forward, of the text encoder: its convolutions and one block. */
    default double textEncoderFlop(Bucket bucket) {
        return Flops.convolutions(model(), bucket, most().settings().textConvolutions())
                + Flops.blocks(model(), bucket, 1);
    }

    /** Forward, of prediction and joint network. */
    default double transducerFlop(Bucket bucket, int labels) {
        return Flops.transducer(model(), most().transducer(), most().symbols().size(), bucket, labels);
    }
}
