package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the passes decided about a program, for people.
 *
 * @param kernels how often a kernel of each structure runs, in the order of their first runs
 * @param unstored bytes of the values that kernels compute and that lie nowhere in memory, each value once
 * @param flop floating-point operations of one run, as in {@link KernelTime}
 * @param gathered layers whose parameters ranks share, each time that they are made whole
 * @param peakKernel name of the kernel at which most bytes are in use
 */
public record Explanation(
        Map<FusedKernel, Integer> kernels,
        long unstored,
        double flop,
        Recomputed recomputed,
        LiveMemory memory,
        List<GatheredLayer> gathered,
        String peakKernel) {
    public static Explanation of(Lowered program) {
        Set<Node> stored = program.schedule().order().stream()
                .flatMap(group -> group.stored().stream())
                .collect(Collectors.toSet());
        Map<FusedKernel, Integer> kernels = new LinkedHashMap<>();
        for (Kernel kernel : program.kernels()) {
            for (Group group : kernel.groups()) {
                kernels.merge(FusedKernel.of(kernel, group, program.schedule().inPlace(), stored), 1, Integer::sum);
            }
        }
        Set<Node> kept = program.graph().nodes().stream()
                .filter(node -> node.op() == Op.SAVED)
                .map(Fuse::base)
                .filter(node -> !Fuse.isBuffer(node))
                .collect(Collectors.toSet());
        LiveMemory memory = LiveMemory.of(program, kept);
        return new Explanation(
                Collections.unmodifiableMap(kernels),
                unstored(program, stored),
                program.kernels().stream()
                        .mapToDouble(kernel -> KernelTime.of(kernel, 0).flop())
                        .sum(),
                Recomputed.of(program, kept),
                memory,
                GatheredLayer.of(program),
                KernelTime.name(program.kernels().get(memory.peak())));
    }

    private static long unstored(Lowered program, Set<Node> stored) {
        return program.schedule().order().stream()
                .flatMap(group -> FusedKernel.computed(group).stream())
                .filter(node -> !stored.contains(node))
                .distinct()
                .mapToLong(node -> node.type().bytes())
                .sum();
    }
}
