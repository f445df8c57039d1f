package io.glossa.trainer.runtime.cuda;

/** Kinds of GPUs as compilers call them. */
final class Architecture {
    /** What is emitted and compiled where there is no GPU: Hopper. */
    static final String EMITTED = "sm_90";

    /** The first with products of BF16 matrices in its tensor cores. */
    static final int OLDEST = 80;

    /** The first with products of F8 matrices. */
    static final int OLDEST_FP8 = 89;

    private Architecture() {}
}
