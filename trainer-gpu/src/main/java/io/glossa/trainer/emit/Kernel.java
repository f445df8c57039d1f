package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import java.util.List;

/**
 * A group as code.
 *
 * @param function name of a {@code void f(const int64_t*)}: of the runtime library, or of the header; of emitted text, the
 *     operations in it
 * @param source emitted text of a function called GLOSSA_KERNEL; empty where the runtime library or a header has it
 * @param header resource that has the function; empty if none
 */
public record Kernel(Group group, String function, String source, String header, List<Argument> arguments) {}
