package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each layer's gradient, for its input and its parameters, against finite differences; two utterances of 8 and 5. */
class LayerGradientTest {
    private static final int SEED = 3;
    private static final int FRAMES = 8;
    private static final ModelConfig CONFIG =
            new ModelConfig(1, 4, 2, 6, 3, "chunk:3", ModelConfig.Convolution.CROSSING, 5, 2);
    private static final ModelConfig ADAPTED =
            new ModelConfig(1, 4, 2, 6, 3, "chunk:3", ModelConfig.Convolution.CROSSING, 4, 2, 3, 1);

    /** A layer over x [2, 8, d] and the mask of real frames [2, 8, 1]. */
    interface Layer extends BiFunction<Tensor, Lengths, Tensor> {}

    interface Maker {
        Layer at(Scope scope);
    }

    static Stream<Arguments> layers() {
        HostTensor table = RelativeAttention.distances(new AttentionSpan(3, 2, 2), 4);
        return Stream.of(
                layer("linear", s -> (x, l) -> Linear.of(s, 4, 3).apply(x)),
                layer("layer norm", s -> (x, l) -> new LayerNorm(s, 4).apply(x)),
                layer("feed-forward", s -> (x, l) -> new FeedForward(s, CONFIG).apply(x)),
                layer("convolution", s -> (x, l) -> new ConvModule(s, CONFIG).apply(x, l.mask())),
                layer(
                        "attention",
                        s -> (x, l) -> new RelativeAttention(s, CONFIG).apply(x, l.mask(), x.data("table", table))),
                layer(
                        "block",
                        s -> (x, l) -> new ConformerBlock(s, s, CONFIG).apply(x, l.mask(), x.data("table", table))),
                layer(
                        "text encoder",
                        s -> (x, l) -> new TextEncoder(s, CONFIG, FRAMES, 2).apply(x.iota(2, FRAMES), l.mask())),
                layer("adapter", s -> (x, l) -> new Adapter(s, ADAPTED).apply(x)),
                layer("sub-sampling", s -> (x, l) -> {
                    ModelConfig four =
                            new ModelConfig(1, 4, 2, 6, 3, "chunk:3", ModelConfig.Convolution.CROSSING, 4, 2);
                    return new Subsampling(s, four)
                            .apply(x, l.mask(), l.halved().mask());
                }));
    }

    private static Arguments layer(String name, Maker maker) {
        return Arguments.of(name, maker);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void gradientHolds(String name, Maker maker) {
        Map<String, HostTensor> batch = Map.of("lengths", HostTensor.of(new int[] {FRAMES, 5}, 2));
        new GradientCheck(trace -> scalar(trace, maker), batch, SEED).holds(1e-5);
    }

    private static Tensor scalar(Trace trace, Maker maker) {
        Lengths lengths = Lengths.of(trace.batch("lengths", DType.I32, 2), FRAMES);
        Tensor x = trace.parameter("x", new Init.Normal(1), 2, FRAMES, 4);
        Tensor y = maker.at(Scope.root(trace)).apply(x, lengths);
        Lengths left = y.dim(1) == FRAMES ? lengths : lengths.halved().halved();
        Tensor weights = trace.buffer("weights", new Init.Normal(1), y.shape().dims());
        return y.mul(weights).mul(left.mask()).total();
    }
}
