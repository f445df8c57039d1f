package io.glossa.trainer.trace;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Philox;

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
        float[] out = new float[Math.toIntExact(shape.size())];
        int purpose = name.hashCode();
        for (int i = 0; i < out.length; i++) {
            out[i] = element(seed, purpose, i);
        }
        if (this instanceof UnitRows) {
            normalise(out, shape.dim(-1));
        }
        return new HostTensor(Type.f32(shape.dims()), out);
    }

    private float element(int seed, int purpose, int index) {
        if (this instanceof Fill fill) {
            return fill.value();
        }
        if (this instanceof Uniform uniform) {
            return (float) ((2 * Philox.uniform(seed, 0, purpose, index) - 1) * uniform.bound());
        }
        double std = this instanceof Normal normal ? normal.std() : 1;
        return (float) (std * gaussian(seed, purpose, index));
    }

    private static double gaussian(int seed, int purpose, int index) {
        double u = 1 - Philox.uniform(seed, 0, purpose, index);
        double v = Philox.uniform(seed, 1, purpose, index);
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
