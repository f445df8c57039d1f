/**
 * A folder that runs Glossa's training steps on a machine where nothing is installed.
 *
 * <p>In: the JDK and the jars of this process, a C++ compiler. Out: the folder. State: none.
 */
package io.glossa.jobs.bundle;
