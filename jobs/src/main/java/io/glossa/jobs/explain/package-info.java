/** {@code explain}: a model's size enters, what the compiler's passes decided leaves as text and a drawing. No state. */
package io.glossa.jobs.explain;
