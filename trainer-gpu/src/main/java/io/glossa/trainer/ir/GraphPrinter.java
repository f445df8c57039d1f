package io.glossa.trainer.ir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph as text, a line per node: {@code %12 f32[4,144] = ADD %3 %11}. Nodes are numbered afresh. */
public final class GraphPrinter {
    private GraphPrinter() {}

    public static String print(Graph graph) {
        Map<Node, Integer> numbers = new HashMap<>();
        StringBuilder text = new StringBuilder();
        for (Node node : graph.nodes()) {
            numbers.put(node, numbers.size());
            text.append(line(node, numbers)).append('\n');
        }
        graph.outputs()
                .forEach((name, node) -> text.append("output ")
                        .append(name)
                        .append(" = %")
                        .append(numbers.get(node))
                        .append('\n'));
        graph.updates()
                .forEach((name, node) -> text.append("update ")
                        .append(name)
                        .append(" = %")
                        .append(numbers.get(node))
                        .append('\n'));
        graph.gradients()
                .forEach((name, node) -> text.append("gradient of ")
                        .append(name)
                        .append(" = %")
                        .append(numbers.getOrDefault(node, -1))
                        .append('\n'));
        return text.toString();
    }

    private static String line(Node node, Map<Node, Integer> numbers) {
        StringBuilder text = new StringBuilder("%" + numbers.get(node) + " " + node.type() + " = " + node.op());
        node.inputs().forEach(input -> text.append(" %").append(numbers.get(input)));
        return text.append(attributes(node.attr())).toString();
    }

    private static String attributes(Attr attr) {
        if (attr instanceof Attr.None) {
            return "";
        }
        if (attr instanceof Attr.Call call) {
            return " " + call.composite().name();
        }
        if (attr instanceof Attr.Data data) {
            return " " + data.name();
        }
        return " " + attr.toString().replaceFirst("^[A-Za-z]+", "");
    }

    /** One line per node of a list, such as a kernel's members, by their ids. */
    public static String lines(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            text.append("    ").append(node);
            node.inputs().forEach(input -> text.append(" %").append(input.id()));
            text.append(attributes(node.attr())).append('\n');
        }
        return text.toString();
    }
}
