/**
 * Where programs run: devices, their memory, and the pipeline that leads to them.
 *
 * <p>In: a {@link io.glossa.trainer.trace.Program}. Out: an {@link io.glossa.trainer.runtime.Executable}. State: the
 * {@link io.glossa.trainer.runtime.State} of a model lives on one device and has one owner, who closes it.
 */
package io.glossa.trainer.runtime;
