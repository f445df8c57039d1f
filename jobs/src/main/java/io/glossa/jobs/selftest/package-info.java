/** {@code selftest}: a device enters, a row per check against the reference leaves. No state, no Spark. */
package io.glossa.jobs.selftest;
