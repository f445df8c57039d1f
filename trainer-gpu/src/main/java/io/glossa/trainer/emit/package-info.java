/**
 * Code: groups become C++/OpenMP functions over an array of addresses and numbers.
 *
 * <p>In: groups. Out: source text, and per group the arguments of its call. Extents and strides are arguments, so that
 * layers and buckets that do the same share one function. State: none.
 */
package io.glossa.trainer.emit;
