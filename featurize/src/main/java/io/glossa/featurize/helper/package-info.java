/**
 * Decoding where it cannot hurt: in processes beside this one.
 *
 * <p>What enters: the bytes of one file and {@link io.glossa.featurize.decode.DecodeOptions}. What leaves: what {@link
 * io.glossa.featurize.decode.AudioDecoder} makes of them, the same to the bit, or a reject that says how the file ended its
 * decoder. State: per process a few idle helpers, which end with it, or when nothing was decoded for a while.
 */
package io.glossa.featurize.helper;
