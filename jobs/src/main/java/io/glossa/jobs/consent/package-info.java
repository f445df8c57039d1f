/**
 * Consent as data: files of terms enter, table {@code consent} leaves; and what a run may not use by it, which the jobs that read
 * speech ask ({@link io.glossa.jobs.consent.Bars}). State lives in the lake.
 */
package io.glossa.jobs.consent;
