/**
 * Ahead-of-time autograd: a forward graph becomes one joint graph of forward, gradients and update.
 *
 * <p>In: a graph with a scalar loss. Out: the same builder's nodes for the gradients. State: none; the derivative of each
 * primitive is a row of {@link io.glossa.trainer.autograd.VjpRules}.
 */
package io.glossa.trainer.autograd;
