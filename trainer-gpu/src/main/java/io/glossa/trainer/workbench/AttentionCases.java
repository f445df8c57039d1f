package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.Layers;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** Attention alone: q, r, k, v, p as after their products, the last third of a chunk's keys beyond the utterances. */
final class AttentionCases {
    private AttentionCases() {}

    static KernelCase forward(Extents e) {
        return forward(e, e.span());
    }

    static KernelCase gradient(Extents e) {
        return gradient(e, e.span());
    }

    static KernelCase localForward(Extents e) {
        return forward(e, band(e));
    }

    static KernelCase localGradient(Extents e) {
        return gradient(e, band(e));
    }

    /** About as wide as a chunk. */
    private static AttentionSpan band(Extents e) {
        return new AttentionSpan(e.frames(), e.chunk() / 2, e.chunk() / 2).of(e.frames());
    }

    /** Per row and key: content, position and value, a product and a sum per channel each. */
    private static KernelCase forward(Extents e, AttentionSpan span) {
        double rows = (double) e.framesIn(span.chunk()) * e.width();
        return new KernelCase(
                t -> t.output("value", Layers.attention(e.model().heads(), span, inputs(t, e, span, 6))),
                Map.of(),
                6 * rows * span.keys(),
                4 * rows + positions(e, span),
                rows);
    }

    /** Content and position again, the weights' slope, and the five gradients. */
    private static KernelCase gradient(Extents e, AttentionSpan span) {
        double rows = (double) e.framesIn(span.chunk()) * e.width();
        return new KernelCase(
                t -> t.output("value", Layers.attentionGradient(e.model().heads(), span, inputs(t, e, span, 8))),
                Map.of(),
                16 * rows * span.keys(),
                6 * rows + positions(e, span),
                4 * rows + positions(e, span));
    }

    private static double positions(Extents e, AttentionSpan span) {
        return (double) span.distances() * e.width();
    }

    private static Tensor[] inputs(Trace trace, Extents e, AttentionSpan span, int count) {
        int frames = e.framesIn(span.chunk());
        Tensor[] inputs = new Tensor[count];
        String[] names = {"q", "r", "k", "v", "p", "keys", "dy", "y"};
        for (int i = 0; i < count; i++) {
            inputs[i] = switch (i) {
                case 4 -> Values.random(trace, names[i], span.distances(), e.width());
                case 5 -> keys(trace, frames, Math.max(1, frames - span.chunk() / 3));
                case 7 ->
                    Values.random(
                            trace,
                            names[i],
                            Layers.attentionShape(e.model().heads(), span, Shape.of(frames, e.width()))
                                    .dims());
                default -> Values.random(trace, names[i], frames, e.width());
            };
        }
        return inputs;
    }

    private static Tensor keys(Trace trace, int frames, int real) {
        Tensor at = trace.constant(0).iota(frames).cast(DType.F32);
        return at.less(at.constant(real));
    }
}
