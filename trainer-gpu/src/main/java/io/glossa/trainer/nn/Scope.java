package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;

/**
 * A place in the tree of names under which a layer declares its parameters.
 *
 * @param path such as "encoder.blocks.0.ff1", or "" for the root
 */
public record Scope(Trace trace, String path) {
    public static Scope root(Trace trace) {
        return new Scope(trace, "");
    }

    public Scope child(String name) {
        return new Scope(trace, name(name));
    }

    public Scope child(int index) {
        return child(Integer.toString(index));
    }

    public Tensor parameter(String name, Init init, int... dims) {
        return trace.parameter(name(name), init, dims);
    }

    public Tensor buffer(String name, Init init, int... dims) {
        return trace.buffer(name(name), init, dims);
    }

    private String name(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
