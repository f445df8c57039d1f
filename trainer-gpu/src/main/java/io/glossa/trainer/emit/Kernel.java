package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

/**
 * A group as code.
 *
 * @param function name of a {@code void f(const int64_t*)}: of the runtime library, or of the header; of emitted text, the
 *     operations in it
 * @param source emitted text of a function called {@link #UNNAMED}; empty where the runtime library or a header has it
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
    /** What the function of emitted text is called until the text has a name. */
    public static final String UNNAMED = "GLOSSA_KERNEL";

    /** For a processor, or a function of the runtime. */
    public Kernel(Group group, String function, String source, String header, List<Argument> arguments) {
        this(group, function, source, header, arguments, List.of());
    }
}
