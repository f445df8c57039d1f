/**
 * Bytes to waveform to segments to log-mel: here is what the rooms share, names by content, codes of rejects and the summary of a
 * stage.
 *
 * <p>Which way it goes: {@code ingest} has files decoded ({@code decode}), cuts them ({@code segment}) and writes rows ({@code
 * lake}); {@code features} decodes utterances again and writes their log-mels ({@code mel}), and {@code frontend} says by which
 * front end those were made; {@code text} reads
 * sentences without speech. State: none.
 */
package io.glossa.featurize;
