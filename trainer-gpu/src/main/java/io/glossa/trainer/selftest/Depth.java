package io.glossa.trainer.selftest;

/** How much of it is tested. */
public enum Depth {
    /** In seconds: shorter runs, fewer and smaller presets. */
    QUICK,
    FULL
}
