package io.glossa.trainer.runtime;

import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.trace.Trace;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the bytes of programs are for; together they are {@link ProgramMemory#bytes}. What lies in the arena is told apart where
 * most of it is in use at a time.
 */
public record MemoryKinds(Map<Kind, Long> bytes) {
    /** What memory is for. */
    public enum Kind {
        WEIGHTS("weights"),
        /** Weights of which a rank has a part, whole while they are read. */
        GATHERED("weights gathered for use"),
        /** What is carried from step to step beside the weights, mostly moments. */
        MOMENTS("optimizer state"),
        /** A part's own, sums of them over parts, and those over ranks, be they on their way or there. */
        GRADIENTS("gradients and their sums"),
        /** All else in the arena, its gaps among it. */
        ACTIVATIONS("activations"),
        CONSTANTS("constants"),
        SCRATCH("scratch of products"),
        /** Read by the program, and those that arrive meanwhile. */
        BATCHES("batches");

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
     * Of one program at least.
     *
     * @param declared what a state has for the programs, as in {@link ProgramMemory#of}
     * @param staging bytes of their batches on their way
     */
    public static MemoryKinds of(List<Lowered> programs, Trace declared, Target target, long staging) {
        ProgramMemory memory = ProgramMemory.of(programs, declared, target, staging);
        Lowered largest = Collections.max(
                programs, Comparator.comparingLong(program -> program.arena().bytes()));
        long weights = ProgramMemory.bytes(declared, Attr.Role.PARAMETER);
        long moments = ProgramMemory.bytes(declared, Attr.Role.STATE);
        long sums = ProgramMemory.bytes(declared, Attr.Role.SUM);
        long gradients = 0;
        long gathered = 0;
        long batch = 0;
        Set<Node> own =
                largest.graph().gradients().values().stream().map(Fuse::base).collect(Collectors.toSet());
        for (Node node : largest.arena().atPeak()) {
            if (node.op() == Op.INPUT) {
                batch += node.type().bytes();
            } else if (Gathered.is(node)) {
                gathered += node.type().bytes();
            } else if (own.contains(node) || node.op().isCollective()) {
                gradients += node.type().bytes();
            }
        }
        Map<Kind, Long> bytes = new EnumMap<>(Kind.class);
        bytes.put(Kind.WEIGHTS, weights);
        bytes.put(Kind.GATHERED, gathered);
        bytes.put(Kind.MOMENTS, moments);
        bytes.put(Kind.GRADIENTS, sums + gradients);
        bytes.put(Kind.ACTIVATIONS, memory.arena() - gradients - gathered - batch);
        bytes.put(Kind.CONSTANTS, memory.state() - weights - moments - sums);
        bytes.put(Kind.SCRATCH, memory.workspace());
        bytes.put(Kind.BATCHES, memory.staging() + batch);
        return new MemoryKinds(bytes);
    }

    /** Of all kinds. */
    public long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
