package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;

/**
 * Bytes that a program takes on a device, or several that run one after the other on one state, known before anything is allocated.
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

    /** Of one program, whose batches follow each other; as below. */
    public static ProgramMemory of(Lowered program, Trace trace, Target target) {
        return of(List.of(program), trace, target, BATCHES * bytes(trace, Attr.Role.BATCH));
    }

    /**
     * Of programs that share arena and workspace, and have each its own constants.
     *
     * @param trace what the programs declared
     * @param staging bytes of their batches on their way
     */
    public static ProgramMemory of(List<Lowered> programs, Trace trace, Target target, long staging) {
        long data = programs.stream()
                .flatMap(program -> program.graph().nodes().stream())
                .filter(node -> node.op() == Op.DATA)
                .mapToLong(node -> node.type().bytes())
                .sum();
        long arena = programs.stream()
                .mapToLong(program -> program.arena().bytes())
                .max()
                .orElse(0);
        long scratch = programs.stream()
                .flatMap(program -> program.kernels().stream())
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
                arena,
                scratch + (target == Target.CUDA ? PRODUCT_WORKSPACE : 0),
                staging);
    }

    public long bytes() {
        return state + arena + workspace + staging;
    }

    static long bytes(Trace trace, Attr.Role role) {
        Map<String, Type> declared = trace.declared(role);
        return declared.values().stream().mapToLong(Type::bytes).sum();
    }
}
