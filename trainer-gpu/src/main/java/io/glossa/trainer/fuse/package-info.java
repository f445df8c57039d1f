/**
 * Fusion and memory: which nodes are computed together in one loop nest, in what order, and where their results lie.
 *
 * <p>In: a lowered graph. Out: kernels in order with an arena plan. State: none.
 */
package io.glossa.trainer.fuse;
