package io.glossa.trainer.runtime.host;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Looks for the first value of a run that has a NaN or an infinity: among the inputs, then kernel by kernel.
 *
 * @param run runs the kernel of this number, those before it having run
 * @param finite whether no element of a float tensor is NaN or infinite, as it lies in memory now; never asked of fixed data
 */
public record FiniteSearch(Lowered lowered, IntConsumer run, Predicate<Node> finite) {
    /** Runs until it finds one: what it is, for people. */
    public Optional<String> first() {
        return firstInput().or(this::firstResult);
    }

    private Optional<String> firstInput() {
        return lowered.graph().inputs().stream()
                .filter(this::isBroken)
                .findFirst()
                .map(node -> "input '" + node.attr(Attr.Input.class).name() + "' " + node.type());
    }

    private Optional<String> firstResult() {
        List<Kernel> kernels = lowered.kernels();
        for (int i = 0; i < kernels.size(); i++) {
            run.accept(i);
            for (Group group : kernels.get(i).groups()) {
                for (Node node : group.stored()) {
                    if (isBroken(node)) {
                        return Optional.of("kernel '" + KernelTime.name(kernels.get(i)) + "', number " + (i + 1)
                                + " of " + kernels.size() + ", in its result " + node.type());
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean isBroken(Node node) {
        return node.type().dtype().isFloat() && !finite.test(node);
    }
}
