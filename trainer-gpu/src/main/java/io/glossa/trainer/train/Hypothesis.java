package io.glossa.trainer.train;

/**
 * What a recogniser heard.
 *
 * @param hasUnknown whether it heard something that the model has no symbol for, which the text lacks
 *     ({@link io.glossa.trainer.objective.SymbolTable#hasUnknown})
 * @param score log-probability of the path that was found, over all of its steps
 * @param confidence geometric mean of the probabilities of the steps that name a symbol, of CTC those of frames; 0 where none does
 * @param frames 10 ms frames of the utterance
 */
public record Hypothesis(String text, boolean hasUnknown, double score, double confidence, int frames) {}
