package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

/**
 * Groups as code.
 *
 * @param groups one, or several that do the same to other values, all at once
 * @param function name of a {@code void f(const int64_t*)}: of the runtime library, or of the header; of emitted text, the
 *     operations in it
 * @param source emitted text of a function called {@link #UNNAMED}; empty where the runtime library or a header has it
 * @param header resource that has the function; empty if none
 * @param arguments of each group, one after the other
 * @param launches on a GPU, in order, all with the same arguments, or of several groups one each, of one function; empty for a
 *     processor, and for the runtime's own functions
 */
public record Kernel(
        List<Group> groups,
        String function,
        String source,
        String header,
        List<Argument> arguments,
        List<GpuKernel.Launch> launches) {
    /** What the function of emitted text is called until the text has a name. */
    public static final String UNNAMED = "GLOSSA_KERNEL";

    /** The one group, or the first of several. */
    public Group group() {
        return groups.get(0);
    }

    /** For a processor, or a function of the runtime. */
    public Kernel(Group group, String function, String source, String header, List<Argument> arguments) {
        this(group, function, source, header, arguments, List.of());
    }

    /** For a GPU. */
    public Kernel(
            Group group,
            String function,
            String source,
            String header,
            List<Argument> arguments,
            List<GpuKernel.Launch> launches) {
        this(List.of(group), function, source, header, arguments, launches);
    }
}
