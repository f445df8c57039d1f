/**
 * The entry point of every command: words enter, one of the rooms below does the work and leaves an exit code. Each command
 * has a room, and what the rooms share lies in {@link io.glossa.jobs.cli} and {@link io.glossa.jobs.spark}.
 */
package io.glossa.jobs;
