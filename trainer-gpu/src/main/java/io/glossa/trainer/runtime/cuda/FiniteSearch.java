package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for the first value of a run that has a NaN or an infinity: kernel by kernel, each result copied back. */
record FiniteSearch(Gpu gpu, Lowered lowered, BoundProgram bound) {
    /** Runs until it finds one. */
    Optional<String> first() {
        return firstInput().or(this::firstResult);
    }

    private Optional<String> firstInput() {
        return lowered.graph().inputs().stream()
                .filter(node -> !isFinite(node))
                .findFirst()
                .map(node -> "input '" + node.attr(Attr.Input.class).name() + "' " + node.type());
    }

    private Optional<String> firstResult() {
        List<Kernel> kernels = lowered.kernels();
        for (int i = 0; i < kernels.size(); i++) {
            bound.issue(i, gpu.work());
            for (Node node : kernels.get(i).group().stored()) {
                if (!isFinite(node)) {
                    return Optional.of("kernel '" + KernelTime.name(kernels.get(i)) + "', number " + (i + 1) + " of "
                            + kernels.size() + ", in its result " + node.type());
                }
            }
        }
        return Optional.empty();
    }

    /** As it lies in memory now; never asked of fixed data. */
    private boolean isFinite(Node node) {
        if (!node.type().dtype().isFloat()) {
            return true;
        }
        long address = bound.address(ProgramPlan.placeOf(lowered, Map.of(), node, 0));
        try (NativeArray copy = NativeArray.allocate(node.type().bytes())) {
            gpu.read(copy.address(), address, copy.bytes());
            HostTensor value = NativeArray.read(copy.address(), node.type());
            for (float x : value.floats()) {
                if (!Float.isFinite(x)) {
                    return false;
                }
            }
            return true;
        }
    }
}
