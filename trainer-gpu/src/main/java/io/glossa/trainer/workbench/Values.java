package io.glossa.trainer.workbench;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** What cases declare: random values that lie on the device, and outputs with the gradients of all parameters. */
final class Values {
    private Values() {}

    static Tensor random(Trace trace, String name, int... dims) {
        return trace.parameter(name, new Init.Normal(0.5), dims);
    }

    /** The value, and the gradient of each parameter that it depends on, given a random one of the value. */
    static void withGradients(Trace trace, Tensor value) {
        trace.output("value", value);
        Tensor dy = trace.buffer("dy", new Init.Normal(0.5), value.shape().dims());
        Tensor loss = value.mul(dy).total();
        Map<String, Node> parameters = Gradients.parameters(loss);
        Gradients.of(loss, parameters).forEach((name, gradient) -> trace.output("gradient of " + name, gradient));
    }
}
