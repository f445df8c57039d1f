package io.glossa.trainer.autograd;

/** What of a model each rank holds a part of, and not the whole. */
public enum Sharding {
    /** Nothing. */
    NONE,
    /** What the optimizer remembers of large parameters (Rajbhandari et al. 2020, "ZeRO", stage 1). */
    OPTIMIZER
}
