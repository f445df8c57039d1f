package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one kernel of several that do the same to other values, as the updates of a thousand biases are: a GPU takes longer to
 * start such a kernel than to run it. A kernel waits for others of its kind until its result is needed, or until what
 * they all read, and memory has to hold for so long, becomes too much.
 */
public final class Together {
    private static final long HELD = 64L << 20;

    /** What kernels must have in common. */
    private record Kind(String source, GpuKernel.Launch launch, int arguments) {
        static Kind of(Kernel kernel) {
            GpuKernel.Launch launch = kernel.launches().get(0);
            return new Kind(
                    kernel.source(),
                    new GpuKernel.Launch(launch.function(), 0, 1, 1, launch.threads(), launch.shared()),
                    kernel.arguments().size());
        }
    }

    private final Map<Kind, List<Kernel>> waiting = new LinkedHashMap<>();
    private final Map<Kind, Long> held = new LinkedHashMap<>();
    private final Map<Group, Kind> kinds = new LinkedHashMap<>();
    private final List<Kernel> done = new ArrayList<>();

    private Together() {}

    /** @param order kernels of one group each, in an order that they may run in */
    public static List<Kernel> of(List<Kernel> order) {
        Together together = new Together();
        order.forEach(together::take);
        List.copyOf(together.waiting.keySet()).forEach(together::run);
        return together.done;
    }

    private void take(Kernel kernel) {
        Group group = kernel.group();
        Set<Kind> needed = new HashSet<>();
        group.needs().stream().filter(kinds::containsKey).map(kinds::get).forEach(needed::add);
        needed.forEach(this::run);
        long reads = reads(group);
        if (!isOne(kernel) || reads > HELD) {
            done.add(kernel);
            return;
        }
        Kind kind = Kind.of(kernel);
        if (held.getOrDefault(kind, 0L) + reads > HELD) {
            run(kind);
        }
        waiting.computeIfAbsent(kind, k -> new ArrayList<>()).add(kernel);
        held.merge(kind, reads, Long::sum);
        kinds.put(group, kind);
    }

    /** Whether it is one launch of emitted text, which counts its blocks along one axis. */
    private static boolean isOne(Kernel kernel) {
        return !kernel.source().isEmpty() && kernel.launches().size() == 1;
    }

    private static long reads(Group group) {
        return group.reads().stream()
                .filter(node -> !Fuse.isBuffer(node))
                .map(Node::type)
                .mapToLong(type -> type.bytes())
                .sum();
    }

    private void run(Kind kind) {
        List<Kernel> alike = waiting.remove(kind);
        held.remove(kind);
        alike.forEach(kernel -> kinds.remove(kernel.group()));
        done.add(alike.size() == 1 ? alike.get(0) : one(alike));
    }

    private static Kernel one(List<Kernel> alike) {
        Kernel first = alike.get(0);
        return new Kernel(
                alike.stream().map(Kernel::group).toList(),
                first.function(),
                first.source(),
                first.header(),
                alike.stream().flatMap(kernel -> kernel.arguments().stream()).toList(),
                alike.stream().map(kernel -> kernel.launches().get(0)).toList());
    }
}
