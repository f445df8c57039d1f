package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a device reaches at most, measured by two programs: a product of two square matrices, and a sum over arrays that no
 * cache holds. A device with memory of its own takes larger ones to be busy.
 *
 * @param flopPerSecond of the product
 * @param bytesPerSecond of the sum: two arrays read, one written
 */
public record Roofline(double flopPerSecond, double bytesPerSecond) {
    private static final int MATRIX = 1024;
    private static final int LARGE_MATRIX = 4096;
    private static final int ARRAY = 1 << 24;
    private static final int LARGE_ARRAY = 1 << 26;
    /** Long enough that the fastest run is one in which nothing else ran. */
    private static final double SECONDS = 0.5;

    public static Roofline of(Device device) {
        boolean large = device.memory().isPresent();
        int matrix = large ? LARGE_MATRIX : MATRIX;
        int array = large ? LARGE_ARRAY : ARRAY;
        KernelTime product = best(device, "product", trace -> {
            Tensor a = trace.state("a", new Init.Normal(1), matrix, matrix);
            Tensor b = trace.state("b", new Init.Normal(1), matrix, matrix);
            trace.output("product", a.matmul(b));
        });
        KernelTime sum = best(device, "sum", trace -> {
            Tensor x = trace.state("x", Init.ONES, array);
            Tensor y = trace.state("y", Init.ONES, array);
            trace.update("x", x.mul(0.5).add(y));
        });
        return new Roofline(product.flop() / product.seconds(), sum.bytes() / sum.seconds());
    }

    /** Seconds that the device would need at least. */
    public double seconds(KernelTime kernel) {
        return Math.max(kernel.flop() / flopPerSecond, kernel.bytes() / bytesPerSecond);
    }

    /** The kernel of a program that computes most, in its fastest run. */
    private static KernelTime best(Device device, String name, Consumer<Trace> model) {
        Trace trace = new Trace();
        try (Executable program = Compile.program(Program.inference(name, model), trace, device);
                State state = device.allocate(trace.initial(0))) {
            KernelTime best = null;
            double before = 0;
            // Devices measure from the first time that they are asked.
            program.times();
            long start = System.nanoTime();
            while (best == null || System.nanoTime() - start < SECONDS * 1e9) {
                program.run(state, Map.of());
                KernelTime total = most(program);
                double seconds = total.seconds() - before;
                before = total.seconds();
                if (best == null || seconds < best.seconds()) {
                    best = new KernelTime(total.kernel(), seconds, total.bytes(), total.flop());
                }
            }
            return best;
        }
    }

    private static KernelTime most(Executable program) {
        return Collections.max(program.times(), Comparator.comparingDouble(KernelTime::flop));
    }
}
