package io.glossa.trainer.trace;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Philox;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** How a parameter, state or buffer starts: a function of seed, name and element, so that order does not matter. */
public sealed interface Init {
    Init ZEROS = new Fill(0);
    Init ONES = new Fill(1);

    /** Every element the same. */
    record Fill(float value) implements Init {}

    /** Uniform in [-bound, bound). */
    record Uniform(double bound) implements Init {}

    record Normal(double std) implements Init {}

    /** Rows of unit length in random directions: the last axis is normalised. */
    record UnitRows() implements Init {}

    /** Glorot and Bengio 2010: uniform with bound √(6 / (in + out)). */
    static Init xavier(int in, int out) {
        return new Uniform(Math.sqrt(6.0 / (in + out)));
    }

    default HostTensor values(String name, Shape shape, int seed) {
        int size = Math.toIntExact(shape.size());
        int purpose = name.hashCode();
        float[] out = this instanceof Fill ? new float[size] : Philox.uniforms(seed, 0, purpose, size);
        if (this instanceof Fill fill && fill.value() != 0) {
            Arrays.fill(out, fill.value());
        } else if (this instanceof Uniform uniform) {
            replace(out, i -> (2 * out[i] - 1) * uniform.bound());
        } else if (this instanceof Normal || this instanceof UnitRows) {
            double std = this instanceof Normal normal ? normal.std() : 1;
            float[] angles = Philox.uniforms(seed, 1, purpose, size);
            replace(out, i -> std * gaussian(1.0 - out[i], angles[i]));
        }
        if (this instanceof UnitRows) {
            normalise(out, shape.dim(-1));
        }
        return new HostTensor(Type.f32(shape.dims()), out);
    }

    private static void replace(float[] values, IntToDoubleFunction by) {
        IntStream.range(0, values.length).parallel().forEach(i -> values[i] = (float) by.applyAsDouble(i));
    }

    /** Box and Muller's: two uniforms, the first not 0, to one normal number. */
    private static double gaussian(double u, double v) {
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
    }

    private static void normalise(float[] values, int width) {
        for (int row = 0; row < values.length; row += width) {
            double square = 0;
            for (int i = row; i < row + width; i++) {
                square += (double) values[i] * values[i];
            }
            float scale = (float) (1 / Math.sqrt(square));
            for (int i = row; i < row + width; i++) {
                values[i] *= scale;
            }
        }
    }
}
