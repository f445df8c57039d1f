package io.glossa.trainer.workbench;

import io.glossa.trainer.nn.Layers;
import java.util.Map;

/** Layers that are no product, forward and backward: x [B, T, d], but the inside of a feed-forward module for silu. */
final class LayerCases {
    private LayerCases() {}

    static KernelCase depthwise(Extents e) {
        double size = (double) e.allFrames() * e.width();
        int taps = e.model().kernel();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Layers.depthwise(
                                Values.random(t, "x", e.utterances(), e.frames(), e.width()),
                                Values.random(t, "taps", taps, e.width()))),
                Map.of(),
                6 * taps * size,
                2 * size,
                2 * size);
    }

    static KernelCase layerNorm(Extents e) {
        double size = (double) e.allFrames() * e.width();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Layers.layerNorm(
                                Values.random(t, "x", e.allFrames(), e.width()),
                                Values.random(t, "weight", e.width()),
                                Values.random(t, "bias", e.width()))),
                Map.of(),
                20 * size,
                2 * size,
                2 * size);
    }

    static KernelCase glu(Extents e) {
        double size = (double) e.allFrames() * e.width();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Layers.glu(
                                Values.random(t, "value", e.allFrames(), e.width()),
                                Values.random(t, "gate", e.allFrames(), e.width()))),
                Map.of(),
                15 * size,
                3 * size,
                3 * size);
    }

    static KernelCase silu(Extents e) {
        double size = (double) e.allFrames() * e.model().ffn();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Values.random(t, "x", e.allFrames(), e.model().ffn())
                                .add(Layers.silu(Values.random(
                                                t, "h", e.allFrames(), e.model().ffn()))
                                        .mul(0.5))),
                Map.of(),
                15 * size,
                3 * size,
                3 * size);
    }
}
