/**
 * Lowering: composites become primitives, save those a device has a kernel for; awkward shapes become easy ones.
 *
 * <p>In and out: a graph of one builder. State: none.
 */
package io.glossa.trainer.lower;
