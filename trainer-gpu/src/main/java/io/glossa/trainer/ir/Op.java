package io.glossa.trainer.ir;

/**
 * The primitives. What each means is a row in a table per interpretation: {@link ShapeRules}, {@code VjpRules},
 * {@code ReferenceOps}, {@code CppText}; a test fails on a missing row.
 *
 * <p>Reductions keep their axes with extent 1, so rank never changes but by RESHAPE. Logical values are BOOL.
 */
public enum Op {
    // Leaves.
    INPUT(Kind.LEAF),
    /** A number, shape []. */
    CONSTANT(Kind.LEAF),
    /** A fixed tensor that travels with the program, such as a table of sinusoids. */
    DATA(Kind.LEAF),
    /** 0, 1, 2, ... along the last axis of an I32 tensor. */
    IOTA(Kind.LEAF),
    /** (seed, stream or one per row), a purpose → uniform [0, 1): Philox 4x32-10 on an index, equal on all devices. */
    RANDOM_UNIFORM(Kind.RANDOM),

    // One element in, one out.
    NEG(Kind.POINTWISE),
    ABS(Kind.POINTWISE),
    EXP(Kind.POINTWISE),
    LOG(Kind.POINTWISE),
    SQRT(Kind.POINTWISE),
    RECIPROCAL(Kind.POINTWISE),
    SIN(Kind.POINTWISE),
    COS(Kind.POINTWISE),
    FLOOR(Kind.POINTWISE),
    NOT(Kind.POINTWISE),
    CAST(Kind.POINTWISE),

    // Two or three elements in, one out; shapes are equal.
    ADD(Kind.POINTWISE),
    SUB(Kind.POINTWISE),
    MUL(Kind.POINTWISE),
    DIV(Kind.POINTWISE),
    MAXIMUM(Kind.POINTWISE),
    MINIMUM(Kind.POINTWISE),
    LESS(Kind.POINTWISE),
    EQUAL(Kind.POINTWISE),
    AND(Kind.POINTWISE),
    OR(Kind.POINTWISE),
    /** (condition, then, else). */
    WHERE(Kind.POINTWISE),
    /** (F32, uniform in [0, 1)) → BF16: up or down by chance, so that the mean of many is the number; see {@link Bf16}. */
    ROUND_RANDOMLY(Kind.POINTWISE),

    // Reductions over axes.
    SUM(Kind.REDUCTION),
    MAX(Kind.REDUCTION),

    // The same elements, elsewhere.
    RESHAPE(Kind.MOVEMENT),
    PERMUTE(Kind.MOVEMENT),
    /** Axes of extent 1 are repeated; rank is unchanged. */
    EXPAND(Kind.MOVEMENT),
    SLICE(Kind.MOVEMENT),
    /** Zeros around. */
    PAD(Kind.MOVEMENT),
    /** out[..., i, j] = in[..., i, j + offset + sign·i], zero outside: the relative shift and its transpose. */
    SHEAR(Kind.MOVEMENT),
    CONCAT(Kind.MOVEMENT),
    /** [n] → this rank's segment, zeros behind the end: see {@link Attr.Segment}. */
    SHARD(Kind.MOVEMENT),
    /** The same value, kept: what the backward part computes again from it is no node of the forward part. */
    SAVED(Kind.MOVEMENT),

    // Kernels of their own.
    /** [batch..., m, k] × [batch..., k, n]. */
    MATMUL(Kind.KERNEL),
    /** [B, H, W, C] ∗ [kh, kw, C, O], channels last. */
    CONV2D(Kind.KERNEL),
    /** (dy, w) → dx. */
    CONV2D_GRAD_INPUT(Kind.KERNEL),
    /** (x, dy) → dw. */
    CONV2D_GRAD_WEIGHT(Kind.KERNEL),
    /** (table [V, d...], ids [n...]) → [n..., d...]; an id outside the table gives zeros. */
    GATHER(Kind.KERNEL),
    /** (source [n..., d...], ids [n...]) → [V, d...]; an id outside is dropped. Added in the order of the ids. */
    SCATTER_ADD(Kind.KERNEL),
    /** Inclusive prefix sum along the last axis. */
    CUMSUM(Kind.KERNEL),
    /**
     * F32 → the sum of the same tensor over all ranks, on all of them; of one rank alone the tensor itself. A named one, over
     * all parts of a batch, stands in traced graphs only.
     */
    ALL_REDUCE(Kind.KERNEL),
    /** F32 [ranks · m] → [m]: this rank's segment of the sum over all ranks. */
    REDUCE_SCATTER(Kind.KERNEL),
    /** F32 or BF16 [m] → [ranks · m]: the segments of all ranks. */
    ALL_GATHER(Kind.KERNEL),
    /** A composite: see {@link Composite}. */
    CALL(Kind.KERNEL);

    /** How a primitive takes part in fusion. */
    public enum Kind {
        LEAF,
        RANDOM,
        POINTWISE,
        REDUCTION,
        MOVEMENT,
        KERNEL
    }

    private final Kind kind;

    Op(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether ranks do it together. */
    public boolean isCollective() {
        return this == ALL_REDUCE || this == REDUCE_SCATTER || this == ALL_GATHER;
    }
}
