/**
 * The cuda device: kernels and products in order on one stream of a GPU, recorded once and replayed.
 *
 * <p>In: a graph. Out: an executable over the GPU's memory. State: compiled code in a cache folder on disk; memory of the
 * GPU, which its owners give back; choices of product algorithms, kept with the code so that repeats give the same bits.
 *
 * <p>There are two {@link io.glossa.trainer.runtime.cuda.Gpu}s: a real one, through the driver, NVRTC and cuBLASLt as they
 * are found on the machine; and one that runs the same kernels on the processor.
 */
package io.glossa.trainer.runtime.cuda;
