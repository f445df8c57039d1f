package io.glossa.trainer.workbench;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The kernels that most of a training step's time goes to. */
public enum WorkbenchKernel {
    ATTENTION("chunk attention with relative positions", AttentionCases::forward),
    ATTENTION_GRADIENT("its gradients of queries, keys, values and positions", AttentionCases::gradient),
    LOCAL_ATTENTION("attention to a band about as wide as a chunk", AttentionCases::localForward),
    LOCAL_ATTENTION_GRADIENT("its gradients", AttentionCases::localGradient),
    DEPTHWISE("depthwise convolution over time, and its gradients", LayerCases::depthwise),
    LAYER_NORM("layer norm, and its gradients", LayerCases::layerNorm),
    GLU("gated linear unit, and its gradients", LayerCases::glu),
    SILU("silu, half of it added to the residual, and the gradients", LayerCases::silu),
    CROSS_ENTROPY("a head's product on the masked rows, its cross-entropy, and the gradients", LossCases::crossEntropy),
    CODEBOOK_SEARCH("the nearest code of each row in each book", LossCases::codebookSearch),
    CTC("log-likelihood over all alignments, and its gradient", LossCases::ctc),
    TRANSDUCER("joint network and log-likelihood of a transducer, and their gradients", LossCases::transducer),
    ADAMW("clipping and AdamW on the matrices of a feed-forward module", OptimizerCases::adamW);

    private final String words;
    private final Function<Extents, KernelCase> at;

    WorkbenchKernel(String words, Function<Extents, KernelCase> at) {
        this.words = words;
        this.at = at;
    }

    /** @throws GlossaException of type USER that names the nearest where there is none of this name */
    public static WorkbenchKernel of(String name) {
        List<String> names = names();
        int index = names.indexOf(name);
        if (index < 0) {
            throw GlossaException.user(
                    "Cannot put kernel '" + name + "' on the workbench: no such kernel, expected one of "
                            + String.join(", ", names)
                            + Nearest.hint(name, names));
        }
        return values()[index];
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(WorkbenchKernel::title).toList();
    }

    /** As it is written on a command line, such as "layer-norm". */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it computes. */
    public String words() {
        return words;
    }

    KernelCase at(Extents extents) {
        return at.apply(extents);
    }

    /** Bytes of an element that it reads or writes: half of the usual ones for products in BF16. */
    int elementBytes(Precision precision) {
        boolean product = switch (this) {
            case ATTENTION, ATTENTION_GRADIENT, LOCAL_ATTENTION, LOCAL_ATTENTION_GRADIENT, CROSS_ENTROPY, TRANSDUCER ->
                true;
            default -> false;
        };
        return product && precision.isMixed() ? 2 : 4;
    }
}
