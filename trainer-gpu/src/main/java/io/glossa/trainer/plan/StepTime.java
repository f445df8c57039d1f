package io.glossa.trainer.plan;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Collectives;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import java.util.ArrayList;
import java.util.List;

/**
 * Seconds that a step is predicted to take: each kernel as long as its operations or its bytes, and the collectives beside them,
 * one after the other, each begun and awaited where the schedule says.
 *
 * @param products matrix products and convolutions
 * @param attention hand-written kernels whose work is in products: attention, and lattices of transducers, these of texts with as many
 *     labels as there is room for
 * @param others all other kernels, bound by the memory
 * @param launches between kernels
 * @param collectives all of them, whether anybody waits or not
 * @param waits of kernels, for collectives
 */
public record StepTime(
        double products, double attention, double others, double launches, double collectives, double waits) {
    static final StepTime NONE = new StepTime(0, 0, 0, 0, 0, 0);

    public double seconds() {
        return products + attention + others + launches + waits;
    }

    StepTime plus(StepTime next) {
        return new StepTime(
                products + next.products,
                attention + next.attention,
                others + next.others,
                launches + next.launches,
                collectives + next.collectives,
                waits + next.waits);
    }

    StepTime times(int count) {
        return new StepTime(
                count * products,
                count * attention,
                count * others,
                count * launches,
                count * collectives,
                count * waits);
    }

    static StepTime of(Lowered program, DevicePreset device, int ranks) {
        ProductFlop flop = new ProductFlop();
        Collectives waited = program.schedule().collectives();
        List<Double> ends = new ArrayList<>();
        StepTime time = NONE;
        double busy = 0;
        for (int step = 0; step < program.kernels().size(); step++) {
            Kernel kernel = program.kernels().get(step);
            time = time.until(ends, waited.ended(step));
            if (kernel.group().root().op().isCollective()) {
                Node node = kernel.group().root();
                double seconds = device.links().seconds(node.op(), Links.whole(node), ranks);
                busy = Math.max(busy, time.seconds()) + seconds;
                ends.add(busy);
                time = time.plus(new StepTime(0, 0, 0, 0, seconds, 0));
            } else {
                time = time.plus(kernel(kernel, device.kernels(), flop));
            }
        }
        return time.until(ends, ends.size());
    }

    /** When so many collectives have ended. */
    private StepTime until(List<Double> ends, int count) {
        double wait = count == 0 ? 0 : Math.max(0, ends.get(count - 1) - seconds());
        return plus(new StepTime(0, 0, 0, 0, 0, wait));
    }

    /** Kernels that a program starts, collectives aside. */
    static long launches(Lowered program) {
        return program.kernels().stream()
                .filter(kernel -> !kernel.group().root().op().isCollective())
                .mapToLong(StepTime::launches)
                .sum();
    }

    private static long launches(Kernel kernel) {
        return kernel.groups().size() > 1 ? 1 : Math.max(1, kernel.launches().size());
    }

    private static StepTime kernel(Kernel kernel, DevicePreset.Kernels rates, ProductFlop flop) {
        double moved = KernelTime.of(kernel, 0).bytes() / rates.memory().value();
        Group group = kernel.group();
        StepTime launch =
                new StepTime(0, 0, 0, launches(kernel) * rates.launch().value(), 0, 0);
        Node root = group.root();
        if (group.kind() == Group.Kind.KERNEL && root.op() != Op.CALL) {
            double computed =
                    KernelTime.flop(root) / rates.product(root.input(0).type().dtype());
            return launch.plus(new StepTime(Math.max(computed, moved), 0, 0, 0, 0, 0));
        }
        double written = group.kind() == Group.Kind.KERNEL ? flop.of(root) : 0;
        return written > 0
                ? launch.plus(
                        new StepTime(0, Math.max(written / rates.attention().value(), moved), 0, 0, 0, 0))
                : launch.plus(new StepTime(0, 0, moved, 0, 0, 0));
    }
}
