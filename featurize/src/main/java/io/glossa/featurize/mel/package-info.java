/**
 * Samples to log-mel frames.
 *
 * <p>What enters: 16 kHz mono samples and a {@link io.glossa.featurize.mel.FrontEndConfig}. What leaves: log-mel frames. State:
 * the scratch memory of a {@link io.glossa.featurize.mel.LogMel}, which belongs to one thread.
 */
package io.glossa.featurize.mel;
