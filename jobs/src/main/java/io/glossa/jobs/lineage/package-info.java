/**
 * Questions of one who reviews: what went into a model, who saw a recording, what a licence reaches, what changed in a table; and how
 * someone is taken out.
 *
 * <p>In: a lake's tables, and checkpoints where they lie. Out: answers, as text or as JSON; of forgetting a report, and a lake without
 * what it names. State: none; nothing is written down beforehand, what was learned from in which step is computed ({@link
 * io.glossa.jobs.train.RunExposures}).
 */
package io.glossa.jobs.lineage;
