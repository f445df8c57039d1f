/**
 * The CPU device: emitted C++/OpenMP and oneDNN, entered once per call through JNA.
 *
 * <p>In: a graph. Out: an executable over native memory. State: compiled libraries in a cache folder on disk, named by a
 * digest of all that went into them; arenas that their owners close; one worker thread that owns all OpenMP calls.
 */
package io.glossa.trainer.runtime.cpu;
