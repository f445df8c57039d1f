package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Values that are alike.
 *
 * @param origin the operation that computes each, or the part that an input plays
 */
public record Values(String origin, Type type, int count) {
    private record Kind(String origin, Type type) {}

    public long bytes() {
        return count * type.bytes();
    }

    /** The values of these nodes, those with most bytes first. */
    static List<Values> of(Collection<Node> nodes) {
        Map<Kind, Integer> counts = new LinkedHashMap<>();
        nodes.stream()
                .sorted(Comparator.comparingInt(Node::id))
                .forEach(node -> counts.merge(new Kind(origin(node), node.type()), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(kind -> new Values(kind.getKey().origin(), kind.getKey().type(), kind.getValue()))
                .sorted(Comparator.comparingLong(Values::bytes).reversed())
                .toList();
    }

    static String origin(Node node) {
        return switch (node.op()) {
            case INPUT -> node.attr(Attr.Input.class).role().name().toLowerCase(Locale.ROOT);
            case CALL -> node.attr(Attr.Call.class).composite().name();
            default -> node.op().name().toLowerCase(Locale.ROOT);
        };
    }
}
