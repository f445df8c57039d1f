package io.glossa.trainer.workbench;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A kernel's work as a program.
 *
 * @param forward declares values, outputs and updates
 * @param batch values of the batch inputs
 * @param flop floating-point operations that the work takes at least
 * @param read values that it must read, in elements; and so is {@code written}
 */
public record KernelCase(
        Consumer<Trace> forward, Map<String, HostTensor> batch, double flop, double read, double written) {
    /** The program, captured. */
    public Graph graph(Trace trace) {
        return Joint.graph(Program.inference("kernel", forward), trace);
    }

    /** @param bytes of an element */
    double bytes(int bytes) {
        return bytes * (read + written);
    }
}
