/**
 * Bytes to samples and back.
 *
 * <p>What enters: the bytes of one audio file in any container and codec that FFmpeg knows, and {@link
 * io.glossa.featurize.decode.DecodeOptions}. What leaves: {@link io.glossa.featurize.decode.Decoded}, 16 kHz mono samples with
 * what was mended, or a reject with its code; or FLAC bytes of samples. State: none; native memory lives within one call.
 */
package io.glossa.featurize.decode;
