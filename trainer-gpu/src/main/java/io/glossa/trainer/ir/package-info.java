/**
 * The graph: immutable, hash-consed nodes over a closed set of primitives.
 *
 * <p>In: calls of {@link io.glossa.trainer.ir.Builder}. Out: {@link io.glossa.trainer.ir.Graph}, a pure function from
 * named inputs to named outputs and state updates. State: only the builder's table of nodes, dropped with it.
 */
package io.glossa.trainer.ir;
