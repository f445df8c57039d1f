/**
 * The model: small layers over symbolic tensors, and the composite operations they are made of.
 *
 * <p>In: a {@link io.glossa.trainer.trace.Trace}, a {@link io.glossa.trainer.nn.ModelConfig} and tensors. Out: tensors, with
 * the parameters declared under the layer's path. State: none; a layer object lives as long as one capture.
 */
package io.glossa.trainer.nn;
