package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/**
 * Bytes that a program takes on a device, known before anything is allocated.
 *
 * @param state parameters, what is carried from step to step, and all that is fixed
 * @param arena activations and gradients
 * @param workspace scratch memory, which kernels that run one after the other share
 * @param staging batches on their way: one arrives while another is in use
 */
public record ProgramMemory(long state, long arena, long workspace, long staging) {
    /** What cuBLASLt may use to compute a product. */
    public static final long PRODUCT_WORKSPACE = 32L << 20;

    private static final int BATCHES = 2;

    /** @param trace what the program declared */
    public static ProgramMemory of(Lowered lowered, Trace trace, Target target) {
        long data = lowered.graph().nodes().stream()
                .filter(node -> node.op() == Op.DATA)
                .mapToLong(node -> node.type().bytes())
                .sum();
        long scratch = lowered.kernels().stream()
                .flatMap(kernel -> kernel.arguments().stream())
                .mapToLong(argument -> argument instanceof Argument.Workspace space ? space.bytes() : 0)
                .max()
                .orElse(0);
        return new ProgramMemory(
                bytes(trace, Attr.Role.PARAMETER)
                        + bytes(trace, Attr.Role.STATE)
                        + bytes(trace, Attr.Role.SUM)
                        + bytes(trace, Attr.Role.BUFFER)
                        + data,
                lowered.arena().bytes(),
                scratch + (target == Target.CUDA ? PRODUCT_WORKSPACE : 0),
                BATCHES * bytes(trace, Attr.Role.BATCH));
    }

    public long bytes() {
        return state + arena + workspace + staging;
    }

    static long bytes(Trace trace, Attr.Role role) {
        Map<String, Type> declared = trace.declared(role);
        return declared.values().stream().mapToLong(Type::bytes).sum();
    }
}
