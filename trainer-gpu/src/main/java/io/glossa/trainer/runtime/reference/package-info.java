/** The oracle: plain Java, double precision, one node at a time. Slow, and kept for ever. */
package io.glossa.trainer.runtime.reference;
