/**
 * Kernels one by one: each as the smallest program that has it, checked against the reference and timed against the least
 * time that its bytes and operations take.
 *
 * <p>In: a kernel's name, a device, extents. Out: differences and times. State: none.
 */
package io.glossa.trainer.workbench;
