/** {@code plan}: a training and a device that need not be there enter, what it would take leaves as tables and JSON. No state. */
package io.glossa.jobs.plan;
