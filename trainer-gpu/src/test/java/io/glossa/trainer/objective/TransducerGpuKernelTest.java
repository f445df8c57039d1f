package io.glossa.trainer.objective;

import io.glossa.trainer.emit.cuda.GpuKernelCheck;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transducer's GPU kernels, run on the processor, against the decompositions that they stand for. */
class TransducerGpuKernelTest {
    private static final int SEED = 31;

    private final TransducerInputs made = new TransducerInputs(new Random(SEED));

    @BeforeAll
    static void saySeed() {
        System.out.println("seed " + SEED);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 2, F32", "9, 5, 19, 70, F32", "5, 12, 70, 9, F32", "9, 5, 40, 70, BF16", "4, 9, 33, 65, BF16"
    })
    void valueGradientAndAlignment(int frames, int labels, int joint, int symbols, DType type) {
        Map<String, HostTensor> inputs = made.of(frames, labels, joint, symbols, 1);
        inputs.put("w", inputs.get("w").as(type));
        double tolerance = type == DType.F32 ? 1e-5 : 2e-2;
        HostTensor dy = inputs.remove("dy");
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new Transducer(), in), tolerance);

        HostTensor value = Evaluate.reference(
                inputs,
                trace -> Tensor.call(
                        new Transducer(),
                        inputs.entrySet().stream()
                                .map(e -> trace.batch(
                                        e.getKey(),
                                        e.getValue().type().dtype(),
                                        e.getValue().type().shape().dims()))
                                .toArray(Tensor[]::new)));
        Map<String, HostTensor> paths = new LinkedHashMap<>();
        paths.put("value", value);
        paths.put("frames", inputs.get("frames"));
        paths.put("lengths", inputs.get("lengths"));
        GpuKernelCheck.compare(paths, in -> Tensor.call(new TransducerAlignment(frames, labels), in), 0);

        inputs.put("value", value);
        inputs.put("dy", dy);
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new TransducerGradient(), in), 3 * tolerance);
    }
}
