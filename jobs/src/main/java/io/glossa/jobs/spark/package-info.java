/**
 * What every Spark job stands on: the options that name a lake, a session with the lake's catalog and lineage, the key that
 * names a piece of work, and progress by tasks. In: settings. Out: an open lake and session, whose owner is the command.
 */
package io.glossa.jobs.spark;
