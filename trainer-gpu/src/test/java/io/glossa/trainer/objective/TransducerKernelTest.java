package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.KernelCheck;
import io.glossa.trainer.runtime.Precision;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transducer's hand-written kernels against the decompositions that they stand for. */
class TransducerKernelTest {
    private static final int SEED = 29;

    private final TransducerInputs made = new TransducerInputs(new Random(SEED));

    @BeforeAll
    static void saySeed() {
        System.out.println("seed " + SEED);
    }

    /** One strip and many, one tile and many, more labels than frames, widths that no vector divides. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 2", "2, 9, 5, 3", "37, 20, 19, 70", "17, 3, 33, 49", "16, 40, 32, 32", "50, 2, 48, 129"})
    void valueGradientAndAlignment(int frames, int labels, int joint, int symbols) {
        Map<String, HostTensor> inputs = made.of(frames, labels, joint, symbols, 1);
        KernelCheck.compare(inputs, in -> Tensor.call(new Transducer(), TransducerInputs.first(in)), 1e-5);
        KernelCheck.compare(inputs, TransducerKernelTest::gradient, 2e-5);
        KernelCheck.compare(inputs, in -> alignment(in, frames, labels), 0);
    }

    /** Where nearly all paths go through few cells, so that the others are left out of the gradient. */
    @Test
    void gradientOfSharpProbabilities() {
        Map<String, HostTensor> inputs = made.of(90, 40, 16, 12, 4);
        KernelCheck.compare(
                inputs, in -> Transducer.losses(Tensor.call(new Transducer(), TransducerInputs.first(in)), 5), 1e-5);
        KernelCheck.compare(inputs, TransducerKernelTest::gradient, 1e-4);
    }

    @Test
    void productsOfHalfPrecision() {
        Map<String, HostTensor> inputs = made.of(37, 20, 40, 70, 1);
        KernelCheck.compare(
                inputs, in -> Tensor.call(new Transducer(), TransducerInputs.first(in)), Precision.BF16, 3e-2);
        KernelCheck.compare(inputs, TransducerKernelTest::gradient, Precision.BF16, 5e-2);
    }

    @Test
    void placesWithoutAnUtteranceSendNothingBack() {
        Map<String, HostTensor> inputs = made.of(20, 7, 24, 10, 1);
        inputs.put("frames", HostTensor.of(new int[TransducerInputs.UTTERANCES], TransducerInputs.UTTERANCES));
        HostTensor gradient = KernelCheck.compare(inputs, TransducerKernelTest::gradient, 0);
        assertThat(gradient.floats()).containsOnly(0);
        HostTensor value =
                KernelCheck.compare(inputs, in -> Tensor.call(new Transducer(), TransducerInputs.first(in)), 0);
        assertThat(value.floats()).containsOnly(0);
    }

    private static Tensor gradient(Tensor[] in) {
        Tensor[] all = Arrays.copyOf(TransducerInputs.first(in), 9);
        all[7] = Tensor.call(new Transducer(), TransducerInputs.first(in));
        all[8] = in[7];
        return Tensor.call(new TransducerGradient(), all);
    }

    private static Tensor alignment(Tensor[] in, int frames, int labels) {
        Tensor value = Tensor.call(new Transducer(), TransducerInputs.first(in));
        return Tensor.call(new TransducerAlignment(frames, labels), value, in[5], in[6]);
    }
}
