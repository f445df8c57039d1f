/**
 * Holds a device to the reference: every primitive, every composite with a kernel, whole training steps, and what is learnt.
 *
 * <p>In: the name of a device. Out: rows of a table, each of checks that passed or failed. State: none.
 */
package io.glossa.trainer.selftest;
