/**
 * What devices share that need this machine's memory, compiler or disk: native memory, the C++ compiler, caches of compiled
 * functions and of plans.
 *
 * <p>In: source text, programs with nothing left to decide. Out: compiled functions by name, plans without a graph. State:
 * files in a cache folder, named by a digest of all that went into them; blocks of memory that their owners close.
 */
package io.glossa.trainer.runtime.host;
