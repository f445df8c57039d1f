package io.glossa.trainer.objective;

/** One number per use of random numbers, so that no two uses share a stream. A {@link Gaussian} takes two. */
final class Purpose {
    static final int SPAN_STARTS = 1;
    static final int MASK_NOISE = 2;
    static final int FREQUENCY_MASKS = 4;
    static final int TIME_MASKS = 5;
    static final int TIME_NOISE = 6;
    static final int DURATIONS = 8;

    /** Rounding of the optimizer's moments: two for each parameter, from here on. */
    static final int MOMENTS = 1 << 16;

    private Purpose() {}
}
