/**
 * Faults on purpose: what a training makes of killed and frozen executors.
 *
 * <p>In: a training's command. Out: what was done to its executors and when, and what {@code failures.jsonl} says came of it. State:
 * none. Only processes that carry the run's own word in their environment are touched.
 */
package io.glossa.jobs.chaos;
