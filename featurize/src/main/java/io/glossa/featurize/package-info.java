/**
 * Bytes to waveform to segments to log-mel.
 *
 * <p>What enters: the bytes of one audio file in any container and codec FFmpeg knows ({@link
 * io.glossa.featurize.AudioDecoder}), or 16 kHz mono samples. What leaves: samples, segments of at most 30 s, FLAC bytes,
 * log-mel frames, and the rows of the tables recordings, utterances, transcripts, features and rejects, which the classes
 * named {@code *Stage} write with Spark. State: none outlives a call but the scratch memory of a {@link
 * io.glossa.featurize.LogMel}, which belongs to one thread; native memory lives within one call of the decoder or encoder.
 */
package io.glossa.featurize;
