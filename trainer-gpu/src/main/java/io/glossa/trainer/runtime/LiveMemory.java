package io.glossa.trainer.runtime;

import io.glossa.trainer.fuse.ArenaPlan;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What lies in a program's arena while its kernels run.
 *
 * @param arena bytes of the arena
 * @param live bytes in use at each kernel, in their order
 * @param peak the first kernel at which most bytes are in use
 * @param atPeak the values that are in memory then, those with most bytes first
 */
public record LiveMemory(long arena, Map<Use, long[]> live, int peak, List<Used> atPeak) {
    /** What values are there for, the first that holds. */
    public enum Use {
        GRADIENT("gradients of parameters"),
        KEPT("kept for the backward part"),
        GATHERED("parameters made whole"),
        FIXED("made from parameters alone"),
        OTHER("everything else");

        private final String words;

        Use(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Values in memory for the same use. */
    public record Used(Use use, Values values) {}

    /** Bytes in use at a kernel. */
    public long at(int kernel) {
        return live.values().stream().mapToLong(bytes -> bytes[kernel]).sum();
    }

    static LiveMemory of(Lowered program, Set<Node> kept) {
        int kernels = program.kernels().size();
        Map<Node, Use> uses = uses(program, kept);
        Map<Use, long[]> live = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            live.put(use, new long[kernels]);
        }
        for (ArenaPlan.Life life : program.arena().lives()) {
            long[] bytes = live.get(uses.get(life.node()));
            for (int i = Math.max(0, life.first()); i <= Math.min(kernels - 1, life.last()); i++) {
                bytes[i] += life.bytes();
            }
        }
        List<Used> atPeak =
                program.arena().atPeak().stream().collect(Collectors.groupingBy(uses::get)).entrySet().stream()
                        .flatMap(
                                use -> Values.of(use.getValue()).stream().map(values -> new Used(use.getKey(), values)))
                        .sorted(Comparator.comparingLong(
                                        (Used used) -> used.values().bytes())
                                .reversed()
                                .thenComparing(Used::use))
                        .toList();
        return new LiveMemory(
                program.arena().bytes(), live, Math.max(0, program.arena().peak()), atPeak);
    }

    private static Map<Node, Use> uses(Lowered program, Set<Node> kept) {
        Set<Node> gradients =
                program.graph().gradients().values().stream().map(Fuse::base).collect(Collectors.toSet());
        Predicate<Node> fixed = fixed(program.graph().nodes())::contains;
        return program.arena().lives().stream()
                .map(ArenaPlan.Life::node)
                .collect(Collectors.toMap(node -> node, node -> {
                    if (gradients.contains(node)) {
                        return Use.GRADIENT;
                    }
                    if (kept.contains(node)) {
                        return Use.KEPT;
                    }
                    return Gathered.is(node) ? Use.GATHERED : fixed.test(node) ? Use.FIXED : Use.OTHER;
                }));
    }

    /** What depends on no batch. */
    private static Set<Node> fixed(List<Node> nodes) {
        Set<Node> fixed = new HashSet<>();
        for (Node node : nodes) {
            boolean batch = node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == Attr.Role.BATCH;
            if (!batch && fixed.containsAll(node.inputs())) {
                fixed.add(node);
            }
        }
        return fixed;
    }
}
