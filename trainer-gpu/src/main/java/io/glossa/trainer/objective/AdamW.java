package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), after the gradient of all trained parameters together was
 * clipped to a norm. Matrices and kernels decay; biases and gains do not. A step whose gradient is not finite leaves
 * parameters and moments as they were, so that its cause can still be found.
 *
 * <p>The learning rate is the batch scalar {@link Inputs#LEARNING_RATE}, and where the encoder has its own
 * {@link Inputs#ENCODER_LEARNING_RATE}; moments are the states {@code adam.first.*} and
 * {@code adam.second.*}. Metric: {@code gradient-norm}, before clipping.
 *
 * @param weightDecay what a step of learning rate 1 would take off a weight
 * @param clipNorm the largest norm that a gradient keeps
 * @param moments element type of the moments: F32, or BF16 rounded by chance, so that small changes count on average
 * @param groups what is trained, at which rate
 */
public record AdamW(double weightDecay, double clipNorm, DType moments, ParameterGroups groups)
        implements Program.Optimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.98;
    private static final double EPSILON = 1e-8;

    /** Of all parameters, with moments in F32. */
    public AdamW(double weightDecay, double clipNorm) {
        this(weightDecay, clipNorm, DType.F32, ParameterGroups.ALL);
    }

    @Override
    public boolean trains(String parameter) {
        return groups.trains(parameter);
    }

    @Override
    public void update(Trace trace, Map<String, Tensor> parameters, Map<String, Tensor> gradients, Tensor share) {
        Tensor norm = norm(trace, gradients).mul(share);
        trace.output("gradient-norm", norm);
        Tensor finite = norm.less(norm.constant(Float.MAX_VALUE));
        Tensor clip = norm.add(1e-6)
                .reciprocal()
                .mul(clipNorm)
                .minimum(norm.constant(1))
                .mul(share);
        Tensor zero = norm.constant(0);
        Map<String, Tensor> rates = new LinkedHashMap<>();
        for (String name : parameters.keySet()) {
            rates.computeIfAbsent(groups.rate(name), rate -> finite.where(trace.batch(rate, DType.F32), zero));
        }
        Tensor time = trace.step().cast(DType.F32).add(1);
        Tensor firstScale = correction(time, BETA1);
        Tensor secondScale = correction(time, BETA2);
        Tensor keepFirst = finite.where(zero.add(BETA1), zero.add(1));
        Tensor keepSecond = finite.where(zero.add(BETA2), zero.add(1));
        int purpose = Purpose.MOMENTS;
        for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
            String name = entry.getKey();
            Tensor parameter = entry.getValue();
            int[] dims = parameter.shape().dims();
            Tensor gradient = finite.where(gradients.get(name).mul(clip), zero);
            Tensor first = next(trace, "adam.first." + name, purpose++, keepFirst, gradient.mul(1 - BETA1));
            Tensor second = next(
                    trace,
                    "adam.second." + name,
                    purpose++,
                    keepSecond,
                    gradient.mul(gradient).mul(1 - BETA2));
            Tensor move =
                    first.mul(firstScale).div(second.mul(secondScale).sqrt().add(EPSILON));
            Tensor decayed = dims.length > 1 ? move.add(parameter.mul(weightDecay)) : move;
            trace.update(name, parameter.sub(decayed.mul(rates.get(groups.rate(name)))));
        }
    }

    /** Declares a moment and its next value, of which the F32 value is given as it will be kept. */
    private Tensor next(Trace trace, String name, int purpose, Tensor keep, Tensor added) {
        int[] dims = added.shape().dims();
        Tensor before = trace.state(name, moments, Init.ZEROS, dims).cast(DType.F32);
        Tensor exact = before.mul(keep).add(added);
        Tensor kept = moments == DType.F32
                ? exact
                : exact.roundRandomly(Tensor.uniform(trace.seed(), trace.step(), purpose, dims));
        trace.update(name, kept);
        return kept.cast(DType.F32);
    }

    private static Tensor norm(Trace trace, Map<String, Tensor> gradients) {
        List<Tensor> squares = new ArrayList<>(List.of(trace.constant(0)));
        gradients
                .values()
                .forEach(gradient -> squares.add(gradient.mul(gradient).total()));
        // Pairs, then pairs of pairs: a chain would be as deep as the model has parameters.
        for (int step = 1; step < squares.size(); step *= 2) {
            for (int i = 0; i + step < squares.size(); i += 2 * step) {
                squares.set(i, squares.get(i).add(squares.get(i + step)));
            }
        }
        return squares.get(0).sqrt();
    }

    /** 1 / (1 - beta^time): what a moving average that began at 0 lacks. */
    private static Tensor correction(Tensor time, double beta) {
        return time.constant(1).sub(time.mul(Math.log(beta)).exp()).reciprocal();
    }
}
