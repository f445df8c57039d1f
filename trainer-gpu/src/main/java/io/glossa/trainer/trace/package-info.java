/**
 * Whole-graph capture: model code runs once over symbolic tensors.
 *
 * <p>In: a {@link io.glossa.trainer.trace.Program}. Out: a {@link io.glossa.trainer.ir.Graph} of its forward part, with
 * the names, roles and initial values of what it uses. State: one {@link io.glossa.trainer.trace.Trace} per capture.
 */
package io.glossa.trainer.trace;
