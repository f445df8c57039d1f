package io.glossa.trainer.objective;

import io.glossa.trainer.nn.ModelConfig;
import java.util.Map;
import java.util.Set;

/**
 * MOST, the second stage of "Google USM" (arXiv 2303.01037): one encoder is trained by speech without text, speech with text, and
 * text without speech. Each stream is an objective of its own, with a program, a loss and metrics; what has one name in several is
 * one parameter. How much each loss counts beside the others, {@link MostConfig#phases} says.
 *
 * @param model whose {@link ModelConfig#speechLayers} speech alone goes through; one in the paper
 * @param specAugment whether to hide parts of the features of speech with text
 */
public record Most(
        ModelConfig model,
        SymbolTable symbols,
        BestRqConfig masks,
        RnntConfig transducer,
        MostConfig settings,
        boolean specAugment)
        implements Recipe {
    public static final String KIND = "most";

    /** The streams' names. */
    public static final String UNTRANSCRIBED = "untranscribed";

    public static final String PAIRED = "paired";
    public static final String TEXT = "text";

    @Override
    public String kind() {
        return KIND;
    }

    /** BEST-RQ goes on with its codebooks and heads. */
    @Override
    public Set<String> takes() {
        return Set.of("heads.", "quantizer.");
    }

    /** Speech without text: BEST-RQ, as before. */
    public BestRq untranscribed() {
        return new BestRq(model, masks);
    }

    /** Speech with text. */
    public Objective paired() {
        return new MostPaired(this);
    }

    /** Text without speech. */
    public Objective text() {
        return new MostText(this);
    }

    @Override
    public Map<String, String> config() {
        return new Augmentation(specAugment).config(symbols, model, masks, transducer, settings);
    }
}
