package io.glossa.trainer.ir;

import java.util.List;

/** One operation: immutable, and within its {@link Builder} the only one with these inputs and attributes. */
public final class Node {
    private final int id;
    private final Op op;
    private final List<Node> inputs;
    private final Attr attr;
    private final Type type;

    Node(int id, Op op, List<Node> inputs, Attr attr, Type type) {
        this.id = id;
        this.op = op;
        this.inputs = inputs;
        this.attr = attr;
        this.type = type;
    }

    /** Order of creation: every input has a smaller id. */
    public int id() {
        return id;
    }

    public Op op() {
        return op;
    }

    public List<Node> inputs() {
        return inputs;
    }

    public Node input(int index) {
        return inputs.get(index);
    }

    public Attr attr() {
        return attr;
    }

    /** The attribute as the record that this node's primitive carries. */
    public <A extends Attr> A attr(Class<A> kind) {
        return kind.cast(attr);
    }

    public Type type() {
        return type;
    }

    public Shape shape() {
        return type.shape();
    }

    public Op.Kind kind() {
        return op.kind();
    }

    @Override
    public String toString() {
        return "%" + id + " " + op + " " + type;
    }
}
