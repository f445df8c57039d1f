/**
 * What the model is trained for: BEST-RQ, recognition by CTC, transducer or attention, MOST, and the optimizer that follows their
 * gradients.
 *
 * <p>In: a {@link io.glossa.trainer.trace.Trace} and the {@link io.glossa.trainer.data.Bucket} to capture. Out: the loss,
 * metrics and updates declared on the trace. State: none here; what is carried from step to step is declared on the trace.
 */
package io.glossa.trainer.objective;
