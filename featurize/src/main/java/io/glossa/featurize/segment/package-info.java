/**
 * Samples to segments of speech of at most 30 s.
 *
 * <p>What enters: 16 kHz mono samples. What leaves: where each segment starts and ends. State: none.
 */
package io.glossa.featurize.segment;
