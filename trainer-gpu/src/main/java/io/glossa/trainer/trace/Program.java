package io.glossa.trainer.trace;

import io.glossa.trainer.ir.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is to be compiled: a forward part and, for training, how gradients change the parameters.
 *
 * @param name for dumps and messages
 * @param forward declares inputs on the trace, computes, declares outputs and, if trained, one loss
 * @param optimizer present: the program is a training step, or what a stream adds to one
 * @param stream present: it is one of several streams of data whose losses a step adds up, each with a weight
 */
public record Program(String name, Consumer<Trace> forward, Optional<Optimizer> optimizer, Optional<String> stream) {
    public static Program inference(String name, Consumer<Trace> forward) {
        return new Program(name, forward, Optional.empty(), Optional.empty());
    }

    public static Program training(String name, Consumer<Trace> forward, Optimizer optimizer) {
        return new Program(name, forward, Optional.of(optimizer), Optional.empty());
    }

    /** What the stream of this name adds to a step. */
    public static Program stream(String stream, String name, Consumer<Trace> forward, Optimizer optimizer) {
        return new Program(name, forward, Optional.of(optimizer), Optional.of(stream));
    }

    /** Declares the update of every parameter that it trains and of its own state. */
    public interface Optimizer {
        /** Whether a parameter is trained; one that is not stays as it is, and no gradient of it is computed. */
        default boolean trains(String parameter) {
            return true;
        }

        /**
         * As above.
         *
         * @param parameters those that it trains
         * @param gradients sums over the whole batch
         * @param share what makes means of them, F32 []; it is known late, when all of the loss is
         */
        void update(Trace trace, Map<String, Tensor> parameters, Map<String, Tensor> gradients, Tensor share);
    }
}
