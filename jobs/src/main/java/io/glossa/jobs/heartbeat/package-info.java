/**
 * How the driver knows that all ranks of a training live, and has those that are left end when one does not.
 *
 * <p>In: what each rank tells every second, on the way that Spark's own messages take. Out: which rank was lost first, and why, to the
 * driver and to all other ranks. State: per attempt, in the driver's memory.
 */
package io.glossa.jobs.heartbeat;
