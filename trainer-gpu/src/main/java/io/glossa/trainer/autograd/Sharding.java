package io.glossa.trainer.autograd;

/** What of a model each rank holds a part of, and not the whole (Rajbhandari et al. 2020, "ZeRO"). */
public enum Sharding {
    /** Nothing. */
    NONE,
    /** What the optimizer remembers of large parameters: stage 1. */
    OPTIMIZER,
    /** That, and large parameters themselves, which are whole only while a layer reads them: stage 3. */
    PARAMETERS
}
