package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Layers;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** Attention alone: q, r, k, v, p as after their products, the last third of a chunk's keys beyond the utterances. */
final class AttentionCases {
    private AttentionCases() {}

    /** Per row and key: content, position and value, a product and a sum per channel each. */
    static KernelCase forward(Extents e) {
        double pairs = (double) e.chunkedFrames() * e.chunk() * e.width();
        double rows = (double) e.chunkedFrames() * e.width();
        return new KernelCase(
                t -> t.output("value", Layers.attention(e.model().heads(), e.chunk(), inputs(t, e, 6))),
                Map.of(),
                6 * pairs,
                4 * rows + positions(e),
                rows);
    }

    /** Content and position again, the weights' slope, and the five gradients. */
    static KernelCase gradient(Extents e) {
        double pairs = (double) e.chunkedFrames() * e.chunk() * e.width();
        double rows = (double) e.chunkedFrames() * e.width();
        return new KernelCase(
                t -> t.output("value", Layers.attentionGradient(e.model().heads(), e.chunk(), inputs(t, e, 8))),
                Map.of(),
                16 * pairs,
                6 * rows + positions(e),
                4 * rows + positions(e));
    }

    private static double positions(Extents e) {
        return (2.0 * e.chunk() - 1) * e.width();
    }

    private static Tensor[] inputs(Trace trace, Extents e, int count) {
        int frames = e.chunkedFrames();
        Tensor[] inputs = new Tensor[count];
        String[] names = {"q", "r", "k", "v", "p", "keys", "dy", "y"};
        for (int i = 0; i < count; i++) {
            inputs[i] = switch (i) {
                case 4 -> Values.random(trace, names[i], 2 * e.chunk() - 1, e.width());
                case 5 -> keys(trace, frames, Math.max(1, frames - e.chunk() / 3));
                case 7 ->
                    Values.random(
                            trace,
                            names[i],
                            Layers.attentionShape(e.model().heads(), e.chunk(), Shape.of(frames, e.width()))
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
