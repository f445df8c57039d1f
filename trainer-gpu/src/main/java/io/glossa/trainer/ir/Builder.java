package io.glossa.trainer.ir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes nodes, each once: equal operation, inputs and attributes give the same node. Not for several threads. */
public final class Builder {
    private record Key(Op op, List<Node> inputs, Attr attr, Type type) {}

    private final Map<Key, Node> nodes = new HashMap<>();
    private int next;

    /** The node for this operation, simplified where an identity says so ({@link Simplify}). */
    public Node node(Op op, List<Node> inputs, Attr attr) {
        Node simpler = Simplify.rewrite(this, op, inputs, attr);
        return simpler != null ? simpler : raw(op, inputs, attr, ShapeRules.type(op, inputs, attr));
    }

    public Node input(String name, Attr.Role role, Type type) {
        return raw(Op.INPUT, List.of(), new Attr.Input(name, role), type);
    }

    public Node constant(double value, DType dtype) {
        return node(Op.CONSTANT, List.of(), new Attr.Number(value, dtype));
    }

    private Node raw(Op op, List<Node> inputs, Attr attr, Type type) {
        return nodes.computeIfAbsent(
                new Key(op, List.copyOf(inputs), attr, type), key -> new Node(next++, op, key.inputs(), attr, type));
    }
}
