package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import java.util.List;

/**
 * A group as code.
 *
 * @param function name of a {@code void f(const int64_t*)}
 * @param source its text; empty where the runtime library has it
 * @param header resource that the source includes; empty if none
 */
public record Kernel(Group group, String function, String source, String header, List<Argument> arguments) {}
