/**
 * Texts as numbers, for whatever a model writes: characters as readers see them, or pieces of SentencePiece models.
 *
 * <p>In: texts to number, or to learn pieces from, and what a checkpoint or a {@code .model} file says of a tokenizer. Out: ids,
 * texts, and files that any SentencePiece program reads. State: none; a tokenizer never changes.
 */
package io.glossa.trainer.text;
