package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

/**
 * A group as code.
 *
 * @param function name of a {@code void f(const int64_t*)}: of the runtime library, or of the header; of emitted text, the
 *     operations in it
 * @param source emitted text of a function called GLOSSA_KERNEL; empty where the runtime library or a header has it
 * @param header resource that has the function; empty if none
 * @param launches on a GPU, in order, all with the same arguments; empty for a processor, and for the runtime's own functions
 */
public record Kernel(
        Group group,
        String function,
        String source,
        String header,
        List<Argument> arguments,
        List<GpuKernel.Launch> launches) {
    /** For a processor, or a function of the runtime. */
    public Kernel(Group group, String function, String source, String header, List<Argument> arguments) {
        this(group, function, source, header, arguments, List.of());
    }
}
