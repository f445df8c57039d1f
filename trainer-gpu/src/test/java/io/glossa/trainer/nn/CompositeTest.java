package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each layer's composite: its own derivative against its decomposition's and against finite differences. */
class CompositeTest {
    private static final int SEED = 7;

    static Stream<Arguments> composites() {
        return Stream.of(
                Arguments.of(new LayerNormalization(1e-5), new int[][] {{3, 4, 6}, {6}, {6}}),
                Arguments.of(new Silu(), new int[][] {{4, 5}}),
                Arguments.of(new Glu(), new int[][] {{4, 5}, {4, 5}}),
                Arguments.of(new Softmax(), new int[][] {{2, 3, 5}}),
                Arguments.of(new Depthwise(), new int[][] {{2, 7, 3}, {5, 3}}),
                Arguments.of(new Depthwise(), new int[][] {{2, 3, 3}, {1, 3}}),
                Arguments.of(new Depthwise(), new int[][] {{1, 2, 3}, {7, 3}}));
    }

    @ParameterizedTest
    @MethodSource("composites")
    void derivativeIsThatOfTheDecompositionAndOfTheFunction(Composite composite, int[][] shapes) {
        Map<String, double[]> own = new GradientCheck(scalar(composite, shapes), Map.of(), SEED)
                .holds(1e-6)
                .values();
        Map<String, double[]> plain =
                new GradientCheck(scalar(new GradientCheck.Plain(composite), shapes), Map.of(), SEED).values();
        own.forEach((name, gradient) -> {
            for (int i = 0; i < gradient.length; i++) {
                assertThat(gradient[i])
                        .as("%s of %s at %d, seed %d", name, composite.name(), i, SEED)
                        .isCloseTo(plain.get(name)[i], within(1e-9));
            }
        });
    }

    /** A sum of the composite's elements, each weighted by a fixed random number. */
    private static Function<Trace, Tensor> scalar(Composite composite, int[][] shapes) {
        return trace -> {
            Tensor[] inputs = new Tensor[shapes.length];
            for (int i = 0; i < shapes.length; i++) {
                inputs[i] = trace.parameter("x" + i, new Init.Normal(1), shapes[i]);
            }
            Tensor y = Tensor.call(composite, inputs);
            Tensor weights =
                    trace.buffer("weights", new Init.Normal(1), y.shape().dims());
            return y.mul(weights).total();
        };
    }
}
