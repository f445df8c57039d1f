package io.glossa.trainer.emit;

import io.glossa.trainer.ir.Node;

/** One argument of a kernel call: where a node's value lies, or a number. */
public sealed interface Argument {
    /** The address of a node in memory, this many elements on. */
    record Buffer(Node node, long offset) implements Argument {}

    record Number(long value) implements Argument {}

    /** The address of scratch memory of at least this many bytes, which kernels that run one after the other share. */
    record Workspace(long bytes) implements Argument {}

    /** An object that the runtime library makes once from a description, such as a oneDNN primitive. */
    record Prepared(String factory, java.util.List<Long> description) implements Argument {}
}
