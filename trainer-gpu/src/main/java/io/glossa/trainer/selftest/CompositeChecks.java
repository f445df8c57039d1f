package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Losses;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.KernelCase;
import io.glossa.trainer.workbench.Parity;
import io.glossa.trainer.workbench.Workbench;
import io.glossa.trainer.workbench.WorkbenchKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every composite with its kernel, if the device has one, against its decomposition; a row for each. */
final class CompositeChecks {
    private CompositeChecks() {}

    static List<Row> of(Device device, Precision precision) {
        List<Row> rows = new ArrayList<>();
        for (WorkbenchKernel kernel : WorkbenchKernel.values()) {
            Check check = new Check("", Workbench.difference(device, kernel), Workbench.tolerance(precision));
            rows.add(Row.of("kernel: " + kernel.title(), precision.title(), List.of(check)));
        }
        rows.add(row(device, precision, "gaussian", gaussian(3, 5, 7), gaussian(2, 33), gaussian(1)));
        rows.add(row(device, precision, "argmax", argMax(7, 33), argMax(1, 1)));
        return rows;
    }

    private static Row row(Device device, Precision precision, String name, KernelCase... cases) {
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < cases.length; i++) {
            checks.add(new Check("size " + (i + 1), Parity.worst(device, cases[i]), Workbench.tolerance(precision)));
        }
        return Row.of("kernel: " + name, precision.title(), checks);
    }

    private static KernelCase gaussian(int... dims) {
        return new KernelCase(
                t -> t.output("value", Losses.noise(t.seed(), t.step().iota(dims[0]), dims)),
                Map.of(Trace.SEED, HostTensor.scalar(-5), Trace.STEP, HostTensor.scalar(6)),
                0,
                0,
                0);
    }

    private static KernelCase argMax(int... dims) {
        return new KernelCase(
                t -> t.output(
                        "value",
                        Losses.argMax(t.buffer("x", new Init.Normal(2), dims).floor())
                                .cast(DType.F32)),
                Map.of(),
                0,
                0,
                0);
    }
}
