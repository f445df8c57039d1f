package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.ModelConfig.Convolution;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole encoder, from features on, in each kind of attention and convolution. */
class EncoderKindsTest {
    private static final int SEED = 7;
    private static final int MELS = 8;
    private static final int WIDTH = 16;
    private static final int CHUNK = 4;
    private static final int EXTENT = 76;

    private static ModelConfig config(String attention, Convolution convolution) {
        return new ModelConfig(2, WIDTH, 2, 24, 5, attention, convolution, MELS, 8);
    }

    /** Forward and all gradients; lengths that end in a chunk or a window, before its first border, and nowhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "full CROSSING",
                "chunk:4 CROSSING",
                "chunk:5 CAUSAL_CHUNK",
                "chunk:1 CAUSAL_CHUNK",
                "local:3,2 CROSSING",
                "local:0,6 CROSSING",
                "local:5,0 CROSSING"
            })
    void theProcessorComputesWhatTheReferenceDoes(String attention, Convolution convolution) {
        compare(attention, convolution, "cpu", Precision.FP32, 2e-4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "cpu 0.1 chunk:5 CAUSAL_CHUNK",
                "cpu 0.1 local:3,2 CROSSING",
                "emit-only 0.2 chunk:5 CAUSAL_CHUNK",
                "emit-only 0.2 local:3,2 CROSSING"
            })
    void devicesDoInBf16(String device, double tolerance, String attention, Convolution convolution) {
        compare(attention, convolution, device, Precision.BF16, tolerance);
    }

    private static void compare(
            String attention, Convolution convolution, String device, Precision precision, double tolerance) {
        ModelConfig config = config(attention, convolution);
        Map<String, HostTensor> batch = batch(EXTENT, EXTENT - 7, 9, 1, 0);
        Map<String, HostTensor> expected = run(new ReferenceDevice(), config, batch, true);
        compare(run(device(device, precision), config, batch, true), expected, tolerance);
    }

    /** On what follows: other features there, or none. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "fp32", "bf16"})
    void aChunkDoesNotDependOnWhatFollowsIt(String how) {
        ModelConfig config = config("chunk:" + CHUNK, Convolution.CAUSAL_CHUNK);
        HostTensor before = frames(how, config, batch(EXTENT));
        for (int chunks = 1; chunks <= 4; chunks += 3) {
            int end = chunks * CHUNK * ModelConfig.SUBSAMPLING;
            Map<String, HostTensor> other = batch(EXTENT);
            float[] features = other.get("features").floats();
            for (int i = end * MELS; i < features.length; i++) {
                features[i] = 3 - features[i];
            }
            HostTensor changed = frames(how, config, other);
            HostTensor ended = frames(how, config, batch(end));
            int same = chunks * CHUNK * WIDTH;
            for (int i = 0; i < same; i++) {
                assertThat(changed.at(i)).as("element %d, %d chunks", i, chunks).isEqualTo(before.at(i));
                assertThat(ended.at(i)).as("element %d, %d chunks", i, chunks).isEqualTo(before.at(i));
            }
            assertThat(IntStream.range(same, same + WIDTH).anyMatch(i -> changed.at(i) != before.at(i)))
                    .as("the next frame depends on it")
                    .isTrue();
        }
    }

    /** Attention does not, so that is the convolution. */
    @Test
    void aChunkSeesAllOfThePastThroughItsConvolution() {
        ModelConfig config = config("chunk:" + CHUNK, Convolution.CAUSAL_CHUNK);
        Map<String, HostTensor> other = batch(EXTENT);
        other.get("features").floats()[(CHUNK * ModelConfig.SUBSAMPLING - 6) * MELS] += 5;
        HostTensor before = frames("reference", config, batch(EXTENT));
        HostTensor changed = frames("reference", config, other);
        int second = CHUNK * WIDTH;
        assertThat(IntStream.range(second, second + WIDTH).anyMatch(i -> changed.at(i) != before.at(i)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"full CROSSING", "local:3,2 CROSSING", "chunk:5 CAUSAL_CHUNK"})
    void everyKindHasTheSameParameters(String attention, Convolution convolution) {
        assertThat(parameters(config(attention, convolution)))
                .isEqualTo(parameters(config("chunk:4", Convolution.CROSSING)));
    }

    private static Map<String, Shape> parameters(ModelConfig config) {
        Trace trace = new Trace();
        new Encoder(Scope.root(trace), config);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        trace.declared(Attr.Role.PARAMETER).forEach((name, type) -> shapes.put(name, type.shape()));
        return shapes;
    }

    private static Device device(String name, Precision precision) {
        return DeviceRequest.of(name)
                .with(Compile.Options.DEFAULTS.with(precision))
                .open();
    }

    private static HostTensor frames(String how, ModelConfig config, Map<String, HostTensor> batch) {
        Device device = how.equals("reference") ? new ReferenceDevice() : device("cpu", Precision.of(how));
        return run(device, config, batch, false).get("frames");
    }

    /** Utterances of these lengths; what lies beyond them is not zero. */
    private static Map<String, HostTensor> batch(int... lengths) {
        int count = lengths.length;
        float[] features = new Init.Normal(1)
                .values("features", Shape.of(count, EXTENT, MELS), SEED)
                .floats();
        Map<String, HostTensor> batch = new LinkedHashMap<>();
        batch.put("features", HostTensor.of(features, count, EXTENT, MELS));
        batch.put("lengths", HostTensor.of(lengths, count));
        return batch;
    }

    /** The frames of real places, and gradients of a sum of them. */
    private static Map<String, HostTensor> run(
            Device device, ModelConfig config, Map<String, HostTensor> batch, boolean gradients) {
        int count = batch.get("lengths").type().shape().dim(0);
        Trace trace = new Trace();
        Tensor features = trace.batch("features", DType.F32, count, EXTENT, MELS);
        Lengths lengths = Lengths.of(trace.batch("lengths", DType.I32, count), EXTENT);
        Tensor y = new Encoder(Scope.root(trace), config)
                .apply(features, lengths)
                .mul(lengths.halved().halved().mask());
        trace.output("frames", y);
        Map<String, Node> outputs = new LinkedHashMap<>(trace.outputs());
        Map<String, Node> slopes = new LinkedHashMap<>();
        if (gradients) {
            Tensor weights =
                    trace.buffer("weights", new Init.Normal(1), y.shape().dims());
            Tensor loss = y.mul(weights).total();
            Gradients.of(loss, Gradients.parameters(loss)).forEach((name, slope) -> slopes.put(name, slope.node()));
            outputs.putAll(slopes);
        }
        Graph graph = new Graph(trace.builder(), outputs, Map.of(), slopes);
        try (device;
                State state = device.allocate(trace.initial(SEED));
                Executable executable = device.load("encoder", graph)) {
            return executable.run(state, batch);
        }
    }

    private static void compare(Map<String, HostTensor> found, Map<String, HostTensor> expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected).hasSizeGreaterThan(40);
        expected.forEach((name, values) -> {
            int size = (int) values.type().shape().size();
            double scale = IntStream.range(0, size)
                    .mapToDouble(i -> Math.abs(values.at(i)))
                    .max()
                    .orElse(0);
            for (int i = 0; i < size; i++) {
                assertThat(found.get(name).at(i))
                        .as("%s, element %d", name, i)
                        .isCloseTo(values.at(i), within(tolerance * Math.max(1, scale)));
            }
        });
    }
}
