/**
 * The demo: every job in turn, on recordings anyone can get, and a report of what came of it.
 *
 * <p>In: a plan and a folder. Out: a lake, three recognisers, {@code report.html} and {@code report.json}. State: all of it
 * in that folder; each step finds what an earlier run has done.
 */
package io.glossa.jobs.demo;
