package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one kernel has in it; kernels of the same structure are equal.
 *
 * @param name as in {@link KernelTime}
 * @param operations how often each is in it, inputs before users; reading a value elsewhere or wider is none
 * @param reads values in memory
 * @param writes values in memory; an update in place is of the input that it replaces
 * @param unstored bytes of the values that are computed here and lie nowhere in memory
 */
public record FusedKernel(
        String name,
        Kind kind,
        Map<String, Integer> operations,
        List<Values> reads,
        List<Values> writes,
        long unstored) {
    /** How it is computed. */
    public enum Kind {
        LOOP("loop"),
        COLUMN_SUM("column sum"),
        PRODUCT("product"),
        HAND_WRITTEN("hand-written");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * @param group one of the kernel's
     * @param stored all values that lie in memory at some time
     */
    static FusedKernel of(Kernel kernel, Group group, Map<Node, Node> inPlace, Set<Node> stored) {
        List<Node> computed = computed(group);
        Map<String, Integer> operations = new LinkedHashMap<>();
        computed.forEach(node -> operations.merge(Values.origin(node), 1, Integer::sum));
        List<Node> written = group.stored().stream()
                .map(node -> inPlace.getOrDefault(node, node))
                .toList();
        long unstored = computed.stream()
                .filter(node -> !stored.contains(node))
                .mapToLong(node -> node.type().bytes())
                .sum();
        return new FusedKernel(
                KernelTime.name(kernel, group),
                kind(group),
                operations,
                Values.of(group.reads()),
                Values.of(written),
                unstored);
    }

    /** What costs anything here, each value once. */
    static List<Node> computed(Group group) {
        return group.members().stream()
                .filter(node -> !Fuse.isFree(node) && group.once(node) == node)
                .toList();
    }

    private static Kind kind(Group group) {
        return switch (group.kind()) {
            case LOOP -> Kind.LOOP;
            case COLUMN -> Kind.COLUMN_SUM;
            case KERNEL -> isProduct(group.root().op()) ? Kind.PRODUCT : Kind.HAND_WRITTEN;
        };
    }

    private static boolean isProduct(Op op) {
        return switch (op) {
            case MATMUL, CONV2D, CONV2D_GRAD_INPUT, CONV2D_GRAD_WEIGHT -> true;
            default -> false;
        };
    }
}
