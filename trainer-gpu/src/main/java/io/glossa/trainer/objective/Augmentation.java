package io.glossa.trainer.objective;

/**
 * What the training of a recogniser does to its features, whatever the head.
 *
 * @param specAugment whether to hide parts of them
 */
public record Augmentation(boolean specAugment) {
    public static final Augmentation DEFAULTS = new Augmentation(true);
}
