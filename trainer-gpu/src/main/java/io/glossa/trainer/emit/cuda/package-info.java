/**
 * CUDA C++: groups become device functions over an array of addresses and numbers, with the grids they are launched in.
 *
 * <p>In: groups. Out: source text, launches, and per group the arguments of its launches. State: none.
 */
package io.glossa.trainer.emit.cuda;
